"""What callers press, say and are called stays out of the logs, also in an exception's words."""

import re
import traceback
from collections.abc import Iterator, Mapping
from typing import cast

from offhook.handler.event import Event
from offhook.handler.state import decode

NOT_SECRET = frozenset(
    {"BridgeEndpointType", "CallId", "ErrorMessage", "ErrorType", "ParticipantTag", "Type"}
)
"""Keys of `ActionData` whose values are the service's, not a caller's."""

MASK = "***"


def masked_traceback(error: BaseException, event: Event) -> str:
    """The traceback of an error: places and types as they are, messages masked."""
    lines: list[str] = []
    secrets = _longest_first(event)
    told: traceback.TracebackException | None = traceback.TracebackException.from_exception(error)
    while told is not None:
        lines.append(
            "".join(told.stack.format()) + mask("".join(told.format_exception_only()), secrets)
        )
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return "\nafter\n".join(lines).rstrip()


def masked(text: str, event: Event) -> str:
    """The text without what a caller, or an application, put into the event."""
    return mask(text, _longest_first(event))


def mask(text: str, secrets: "list[str]") -> str:
    """The text with every secret replaced; short ones only where they stand alone."""
    for secret in secrets:
        if len(secret) > 2:
            text = text.replace(secret, MASK)
        elif secret:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
    return text


def _longest_first(event: Event) -> list[str]:
    return sorted(set(_secrets(event)), key=len, reverse=True)


def _secrets(event: Event) -> Iterator[str]:
    """Every value in an event that a caller, or an application, put there."""
    for leg in event.participants:
        yield from (leg.to, leg.from_)
        yield from _leaves(leg.sip_headers)
    yield from _leaves(event.action_data)
    for value in event.transaction_attributes.values():
        yield from _leaves(value)
        yield from _leaves(decode(value))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            if key not in NOT_SECRET:
                yield from _leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in cast("list[object]", value):
            yield from _leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
