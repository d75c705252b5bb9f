"""What runs in Lambda: events, the router, replies. Everything is imported on first use."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offhook.handler.arguments import arguments_of as arguments_of
    from offhook.handler.calling.bridging import guarded as guarded
    from offhook.handler.calling.bridging import guarded_by as guarded_by
    from offhook.handler.calling.dial_policy import DialPolicy as DialPolicy
    from offhook.handler.calling.follow import follow as follow
    from offhook.handler.calling.follow import live as live
    from offhook.handler.deliveries import once as once
    from offhook.handler.errors import *  # noqa: F403
    from offhook.handler.events import *  # noqa: F403
    from offhook.handler.fallbacks import *  # noqa: F403
    from offhook.handler.legs import *  # noqa: F403
    from offhook.handler.menu import Chosen as Chosen
    from offhook.handler.menu import Menu as Menu
    from offhook.handler.recorder import record as record
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
    "calling.follow": ("follow", "live"),
    "deliveries": ("once",),
    "recorder": ("record",),
    "router": ("Router",),
    "words": ("Language", "Words"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}


@cache
def _all() -> dict[str, str]:
    """All names and their rooms: also of two rooms that are open, with all that they name."""
    rooms = {room: vars(import_module(f"{__name__}.{room}")) for room in ("errors", "events")}
    named = ((name, room) for room, there in rooms.items() for name in there.get("__all__", there))
    return {name: room for name, room in named if name[0] != "_"} | _HOMES


def __getattr__(name: str) -> object:
    if name.islower() and name not in _HOMES and find_spec(f"{__name__}.{name}"):
        return import_module(f"{__name__}.{name}")  # a room: it may be of whom the others stand on
    if not (room := _HOMES.get(name) or _all().get(name)):
        from offhook.actions.complaints import no_such

        raise no_such(__name__, name, sorted(_all()))
    found: object = getattr(import_module(f"{__name__}.{room}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(_all())
