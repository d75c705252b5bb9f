"""Small handlers that are slow, write something as AWS does not, or ask for what the desk lacks."""

import time

from offhook.actions import JoinChimeMeeting
from tests.emulator.explore.planting import HELLO, MENU, Event, Planted, answers, menu
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
