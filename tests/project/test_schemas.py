"""The JSON Schemas describe what is sent: they take the examples, and nothing else."""

import json
from functools import cache
from typing import Any

import pytest

from docs.generate_schemas import FOLDER
from offhook.actions import action_types
from offhook.actions.base import snake_case
from tests.actions.examples import ALL, REPLIES, Wire, minimal, wire
from tests.json_schema import validator


@cache
def schema(name: str) -> Any:
    """A schema as it stands in the repository, and is one."""
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return validator(found)


def refuses(name: str, value: object) -> bool:
    """Whether a schema finds something wrong."""
    return not schema(name).is_valid(value)


@pytest.mark.parametrize("example", ALL.values(), ids=ALL)
def test_a_schema_takes_the_examples(example: Wire) -> None:
    assert not refuses(snake_case(str(example["Type"])), example)
    assert not refuses("reply", {"SchemaVersion": "1.0", "Actions": [example]})


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_the_schema_of_a_reply_takes_the_examples(reply: Wire) -> None:
    assert not refuses("reply", reply)


@pytest.mark.parametrize("name", action_types())
def test_a_schema_refuses_what_the_action_would_not_send(name: str) -> None:
    room = snake_case(name)
    assert not refuses(room, minimal(name))
    assert refuses(room, minimal(name, Unknown=1))
    assert refuses(room, {**minimal(name), "Type": "Dance"})
    assert refuses(room, minimal(name, CallId=5))
    assert refuses("reply", {"SchemaVersion": "1.0", "Actions": [minimal(name, Unknown=1)]})


def test_a_schema_knows_the_bounds() -> None:
    for good in (100, 30_000, "3000"):
        assert not refuses("pause", wire("Pause", DurationInMilliseconds=good))
    for bad in (99, 30_001, "long", 1.5, None):
        assert refuses("pause", wire("Pause", DurationInMilliseconds=bad))
    assert refuses("speak", minimal("Speak", Text="x" * 1001))
    assert refuses("speak", minimal("Speak", Engine="steam"))
    assert refuses("speak", wire("Speak"))
    assert refuses("call_and_bridge", minimal("CallAndBridge", Endpoints=[]))
    endpoint = {"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}
    assert refuses("call_and_bridge", minimal("CallAndBridge", Endpoints=[endpoint, endpoint]))
    attendees = "ModifyChimeMeetingAttendees"
    assert not refuses(snake_case(attendees), minimal(attendees, AttendeeList=["a"] * 100))
    assert refuses(snake_case(attendees), minimal(attendees, AttendeeList=["a"] * 101))


def test_the_schema_of_a_reply_knows_the_limits() -> None:
    hangup = minimal("Hangup")
    assert not refuses("reply", {"SchemaVersion": "1.0", "Actions": [hangup] * 10})
    assert refuses("reply", {"SchemaVersion": "1.0", "Actions": [hangup] * 11})
    assert refuses("reply", {"SchemaVersion": "1.0", "Actions": [{"Type": "Dance"}]})
    assert refuses("reply", {"SchemaVersion": "2.0", "Actions": []})
    assert refuses("reply", {"statusCode": 200, "body": "{}"})
    attributes = {str(number): "" for number in range(101)}
    assert refuses("reply", {"SchemaVersion": "1.0", "TransactionAttributes": attributes})
