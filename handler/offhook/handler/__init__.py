"""What runs in Lambda: events, the router, replies. Everything is imported on first use."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offhook.handler.arguments import arguments_of as arguments_of
    from offhook.handler.calling.bridging import guarded as guarded
    from offhook.handler.calling.bridging import guarded_by as guarded_by
    from offhook.handler.calling.dial_policy import DialPolicy as DialPolicy
    from offhook.handler.calling.follow import follow as follow
    from offhook.handler.deliveries import once as once
    from offhook.handler.errors import *  # noqa: F403
    from offhook.handler.events import *  # noqa: F403
    from offhook.handler.fallbacks import *  # noqa: F403
    from offhook.handler.legs import *  # noqa: F403
    from offhook.handler.menu import Chosen as Chosen
    from offhook.handler.menu import Menu as Menu
    from offhook.handler.router import Router as Router
    from offhook.handler.words import Language as Language
    from offhook.handler.words import Words as Words

_ROOMS = {
    "arguments": ("arguments_of",),
    "calling.dial_policy": ("DialPolicy",),
    "fallbacks": ("Fallbacks", "Reply", "apologise", "carry_on", "hang_up_the_rest"),
    "calling.bridging": ("guarded", "guarded_by"),
    "legs": ("bridge_to_agent", "given_back", "hang_up", "on", "take_back", "transfer"),
    "menu": ("Chosen", "Menu"),
    "calling.follow": ("follow",),
    "deliveries": ("once",),
    "router": ("Router",),
    "words": ("Language", "Words"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}
_OPEN = ("errors", "events")
"""Rooms whose every name is one of ours, so that nobody has to list them here."""


def _names(room: str) -> Iterable[str]:
    module = import_module(f"{__name__}.{room}")
    return getattr(module, "__all__", [name for name in vars(module) if name[0] != "_"])


def __getattr__(name: str) -> object:
    room = _HOMES.get(name) or next((room for room in _OPEN if name in _names(room)), "")
    if not room:
        from offhook.actions.complaints import no_such

        raise no_such(__name__, name, __dir__())
    found: object = getattr(import_module(f"{__name__}.{room}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*_HOMES, *_names("errors"), *_names("events")])
