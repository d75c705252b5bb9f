"""Handlers for stories, and what the caller hears of their replies."""

from collections.abc import Callable
from typing import Protocol, TypeAlias, cast

from pydantic import JsonValue

from offhook.actions import Action, Response, Speak
from offhook.handler import Event, Reply, Router
from tests.handler.payloads import Payload


class Logged(Protocol):
    """What the log holds."""

    def __call__(self, *levels: str) -> list[str]:
        """The messages so far, of these levels or of any."""
        ...


Metrics: TypeAlias = Callable[[], list[dict[str, object]]]
"""The lines that carry metrics, so far."""


def saying(text: str) -> Callable[[Event], Reply]:
    """A handler that says a text."""
    return lambda _event: Speak(text=text)


def returning(reply: object) -> Callable[[Event], Reply]:
    """A handler that returns anything at all."""
    return lambda _event: cast("Reply", reply)


def response(actions: object = None, attributes: object = None) -> Response:
    """A response of anything at all."""
    return Response(cast("Action", actions), attributes=cast("dict[str, JsonValue]", attributes))


def failing(error: BaseException) -> Callable[[Event], Reply]:
    """A handler that raises."""

    def handler(_event: Event) -> Reply:
        raise error

    return handler


def explaining(reply: Reply) -> Callable[[Event, Exception], Reply]:
    """An exception handler with this reply."""
    return lambda _event, _error: reply


def heard(router: Router, event: Payload) -> str:
    """What the caller hears."""
    match router(event):
        case {"Actions": [{"Type": "Speak", "Parameters": {"Text": str(text)}}]}:
            return text
        case reply:
            return str(reply["Actions"])
