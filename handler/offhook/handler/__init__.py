"""What runs in Lambda: events, the router, replies. Everything is imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offhook.handler.arguments import arguments_of as arguments_of
    from offhook.handler.calling.bridging import guarded as guarded
    from offhook.handler.calling.bridging import guarded_by as guarded_by
    from offhook.handler.calling.dial_policy import DialPolicy as DialPolicy
    from offhook.handler.calling.follow import follow as follow
    from offhook.handler.deliveries import once as once
    from offhook.handler.errors import ArgumentsUnreadable as ArgumentsUnreadable
    from offhook.handler.errors import CallError as CallError
    from offhook.handler.errors import DialRefused as DialRefused
    from offhook.handler.errors import MalformedEvent as MalformedEvent
    from offhook.handler.errors import OffhookError as OffhookError
    from offhook.handler.errors import ReplyRefused as ReplyRefused
    from offhook.handler.errors import RouteClash as RouteClash
    from offhook.handler.errors import StateUnreadable as StateUnreadable
    from offhook.handler.events import ActionFailed as ActionFailed
    from offhook.handler.events import ActionInterrupted as ActionInterrupted
    from offhook.handler.events import ActionSuccessful as ActionSuccessful
    from offhook.handler.events import CallAnswered as CallAnswered
    from offhook.handler.events import CallUpdateRequested as CallUpdateRequested
    from offhook.handler.events import DigitsReceived as DigitsReceived
    from offhook.handler.events import Event as Event
    from offhook.handler.events import Hangup as Hangup
    from offhook.handler.events import InvalidLambdaResponse as InvalidLambdaResponse
    from offhook.handler.events import NewInboundCall as NewInboundCall
    from offhook.handler.events import NewOutboundCall as NewOutboundCall
    from offhook.handler.events import Participant as Participant
    from offhook.handler.events import Ringing as Ringing
    from offhook.handler.fallbacks import Fallbacks as Fallbacks
    from offhook.handler.fallbacks import Reply as Reply
    from offhook.handler.fallbacks import apologise as apologise
    from offhook.handler.fallbacks import carry_on as carry_on
    from offhook.handler.fallbacks import hang_up_the_rest as hang_up_the_rest
    from offhook.handler.legs import hang_up as hang_up
    from offhook.handler.legs import on as on
    from offhook.handler.legs import take_back as take_back
    from offhook.handler.legs import transfer as transfer
    from offhook.handler.menu import Chosen as Chosen
    from offhook.handler.menu import Menu as Menu
    from offhook.handler.router import Router as Router

_ROOMS = {
    "arguments": ("arguments_of",),
    "calling.dial_policy": ("DialPolicy",),
    "errors": (
        *("ArgumentsUnreadable", "CallError", "DialRefused", "MalformedEvent", "OffhookError"),
        *("ReplyRefused", "RouteClash", "StateUnreadable"),
    ),
    "events": (
        *("ActionFailed", "ActionInterrupted", "ActionSuccessful", "CallAnswered"),
        *("CallUpdateRequested", "DigitsReceived", "Event", "Hangup", "InvalidLambdaResponse"),
        *("NewInboundCall", "NewOutboundCall", "Participant", "Ringing"),
    ),
    "fallbacks": ("Fallbacks", "Reply", "apologise", "carry_on", "hang_up_the_rest"),
    "calling.bridging": ("guarded", "guarded_by"),
    "legs": ("hang_up", "on", "take_back", "transfer"),
    "menu": ("Chosen", "Menu"),
    "calling.follow": ("follow",),
    "deliveries": ("once",),
    "router": ("Router",),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"offhook.handler has no {name!r}: it has {', '.join(sorted(_HOMES))}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(_HOMES)
