"""The payloads in `events/`, and what can be done to one."""

import copy
import json
from pathlib import Path
from typing import TypeAlias, TypeVar, cast

from offhook.handler import Event
from offhook.handler.event_types import about
from offhook.handler.events import parse

E = TypeVar("E", bound=Event)

Payload: TypeAlias = dict[str, object]

FOLDER = Path(__file__).parents[2] / "events"

FILES = sorted(file for file in FOLDER.rglob("*.json") if file.parent.name != "trigger")
"""What the service sends; what the trigger is asked is in a folder of its own."""

NAMES = [str(file.relative_to(FOLDER).with_suffix("")) for file in FILES]

ONE_OF_EACH = {name.partition("/")[0]: name for name in reversed(NAMES)}
"""A payload of every event, by its decorator."""

IGNORED = {
    *(
        name
        for name in NAMES
        if about(name.partition("/")[0].upper()).actions == "ignored"
        or name.endswith("caller_gone")
    ),
    *("hangup/single_leg", "hangup/without_code", "hangup/leg_b_last"),
    *("hangup/outbound_no_answer_480", "hangup/outbound_busy_486", "hangup/meeting_caller_left"),
}
"""Those in the answer to which the service takes no actions."""

_READ: dict[str, Payload] = {
    name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES
}


def payload(name: str, /, **changes: object) -> Payload:
    """A payload of one's own: `payload("hangup/single_leg", Sequence=7)`."""
    return {**copy.deepcopy(_READ[name]), **changes}


def read(kind: type[E], event: Payload) -> E:
    """The event, which is of this class."""
    parsed = parse(event)
    assert isinstance(parsed, kind)
    return parsed


def details(event: Payload) -> Payload:
    """Its `CallDetails`."""
    return cast("Payload", event["CallDetails"])


def data(event: Payload) -> Payload:
    """Its `ActionData`."""
    return cast("Payload", event["ActionData"])


def parameters(event: Payload) -> Payload:
    """The parameters of its action."""
    return cast("Payload", data(event)["Parameters"])


def legs(event: Payload) -> list[Payload]:
    """Its participants."""
    return cast("list[Payload]", details(event)["Participants"])


def storing(attributes: Payload, name: str = "call_answered/minimal") -> Payload:
    """A payload of a call that has these attributes."""
    event = payload(name)
    details(event)["TransactionAttributes"] = attributes
    return event
