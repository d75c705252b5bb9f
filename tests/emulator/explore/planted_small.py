"""Small handlers that are slow, write something as AWS does not, ask for what the desk lacks, or go
round and round."""

import time
from collections.abc import Callable, Mapping
from typing import cast

from offhook.actions import JoinChimeMeeting, Speak, VoiceFocus
from tests.emulator.explore.planting import (
    BYE,
    HELLO,
    MENU,
    Event,
    Handler,
    Planted,
    answers,
    asks,
    legs,
    menu,
    told,
)
from tests.emulator.functions import reply

SLOW = 0.05
"""Seconds: so long is slow in this test."""


def sleeps(_event: Event) -> object:
    time.sleep(SLOW)
    return HELLO


slow_behind_a_menu = Planted(
    "slow-reply",
    "presses 1",
    menu(ACTION_SUCCESSFUL=sleeps),
    menu(ACTION_SUCCESSFUL=HELLO),
    weight="waste",
    slow_seconds=SLOW,
)


def with_attributes(count: int) -> object:
    return reply(*HELLO, TransactionAttributes={f"{n}": "" for n in range(count)})


attributes_that_are_nearly_too_many = Planted(
    "large-attributes",
    "presses 1",
    menu(ACTION_SUCCESSFUL=lambda _event: with_attributes(80)),
    menu(ACTION_SUCCESSFUL=lambda _event: with_attributes(79)),
    weight="advice",
)


def asks_for(most: object) -> list[object]:
    """As it is on the wire."""
    wire = MENU.to_wire()
    parameters = wire["Parameters"]
    assert isinstance(parameters, dict)
    return [{**wire, "Parameters": {**parameters, "MaxNumberOfDigits": most}}]


number_as_a_string = Planted(
    "string-for-number",
    "",
    answers(NEW_INBOUND_CALL=asks_for("1"), ACTION_SUCCESSFUL=HELLO),
    answers(NEW_INBOUND_CALL=asks_for(1), ACTION_SUCCESSFUL=HELLO),
    weight="advice",
)
JOINS = JoinChimeMeeting(join_token="token", meeting_id="meeting").to_wire()
JOINS_OF_OLD = {**JOINS, "Parameters": {"AttendeeJoinToken": "token", "MeetingId": "meeting"}}
token_of_old = Planted(
    "old-spelling",
    "",
    answers(NEW_INBOUND_CALL=[JOINS_OF_OLD]),
    answers(NEW_INBOUND_CALL=[JOINS]),
    weight="advice",
)


def less_noise(count: int) -> Callable[[Event], object]:
    return lambda event: [
        *[VoiceFocus(enable=True, call_id=legs(event)[0]["CallId"])] * count,
        *HELLO,
    ]


noise_suppressed_six_times_a_second = Planted(
    "refused-action",
    "",
    answers(NEW_INBOUND_CALL=less_noise(6)),
    answers(NEW_INBOUND_CALL=less_noise(2)),
)


class EndpointConnectionError(Exception):
    """As boto3's."""


def asks_a_service(_event: Event) -> object:
    raise EndpointConnectionError('Could not connect to the endpoint URL: "https://sqs.invalid/"')


service_that_does_not_answer = Planted(
    "missing-service",
    "presses 1",
    menu(ACTION_SUCCESSFUL=asks_a_service),
    menu(ACTION_SUCCESSFUL=HELLO),
    weight="lack",
)


def attributes(event: Event) -> Mapping[str, str]:
    """What the call has kept."""
    details = cast("Mapping[str, Mapping[str, str]]", event["CallDetails"])
    return details.get("TransactionAttributes") or {}


MOST = 3
"""So many are said again at most, where it is mended."""


def says_them_all(most: int) -> Callable[[Event], object]:
    """Each key that was pressed is said again, in an action of its own."""

    def pressed(event: Event) -> object:
        keys = attributes(event).get("keys", "") + told(event)[1].get("ReceivedDigits", "")
        said = [Speak(text=key) for key in keys]
        if len(keys) > most:
            return BYE
        return reply(*said, MENU, TransactionAttributes={"keys": keys})

    return pressed


list_that_gets_too_long = Planted(
    "refused-reply",
    ", ".join("waits, " * count + "presses 1" for count in range(10)),
    menu(ACTION_SUCCESSFUL=says_them_all(12), INVALID_LAMBDA_RESPONSE=BYE),
    menu(ACTION_SUCCESSFUL=says_them_all(MOST)),
    replies=2,  # whichever key came first is said first
)


def other_menu(*, is_counted: bool) -> Callable[[Event], object]:
    """Silence, or a key, leads from one menu to the other."""

    def goes_on(event: Event) -> object:
        before = attributes(event)
        count = int(before.get("count", "0")) + is_counted
        at = "1" if before.get("at") == "2" else "2"
        kept = {"at": at, "count": f"{count}"}
        return BYE if count > MOST else reply(asks("^1$", most=1), TransactionAttributes=kept)

    return goes_on


def two_menus(*, is_counted: bool) -> Handler:
    on = other_menu(is_counted=is_counted)
    return answers(NEW_INBOUND_CALL=[MENU], ACTION_SUCCESSFUL=on, ACTION_FAILED=on)


two_menus_without_end = Planted(
    "endless-loop", "waits, waits, waits", two_menus(is_counted=False), two_menus(is_counted=True)
)
