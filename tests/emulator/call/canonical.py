"""The payloads in events/: sent again as actions, and compared with what we are told."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from tests.emulator.call.stories import Event
from tests.emulator.functions import action_data, legs

EVENTS = Path(__file__).parents[3] / "events"
OWN = ("TransactionId", "SipRuleId", "SipMediaApplicationId")
STAMP = re.compile(r"(\d{4}/\d\d/\d\d/)?\d{4}(-\d\d){5}-\d{3}")
"""The day and time in the key of a call recording."""


def canonical(name: str) -> Event:
    """The payload `action_successful/hangup`."""
    return cast("Event", json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8")))


def names(folder: str) -> list[str]:
    """The payloads of a folder, as `canonical` wants them."""
    return sorted(f"{folder}/{path.stem}" for path in (EVENTS / folder).glob("*.json"))


INTERRUPTIBLE = sorted(
    {str(action_data(canonical(name))["Type"]) for name in names("action_interrupted")}
)
"""The actions that a call update stops: those with a payload of it."""


def without_ids(event: Event) -> Mapping[str, object]:
    """An event without what is different in every call: ids, times, its number."""
    known = cast("dict[str, object]", event["CallDetails"])
    text = json.dumps({**event, "Sequence": 0})
    for leg in legs(event):
        text = text.replace(str(leg["CallId"]), f"the CallId of {leg['ParticipantTag']}")
        text = text.replace(f'"{leg["StartTimeInMilliseconds"]}"', '"a time"')
    for name in OWN:
        text = text.replace(str(known.get(name)), name)
    return cast("Mapping[str, object]", json.loads(STAMP.sub("STAMP", text)))


def aimed_at(parameters: Mapping[str, object], of: Event, now: Event) -> Mapping[str, object]:
    """The parameters of an event's action, with the CallIds of another call."""
    text = json.dumps(parameters)
    there = {str(leg["ParticipantTag"]): str(leg["CallId"]) for leg in legs(now)}
    for leg in legs(of):
        call_id = there.get(str(leg["ParticipantTag"]))
        if call_id is not None:
            text = text.replace(str(leg["CallId"]), call_id)
    return cast("Mapping[str, object]", json.loads(text))
