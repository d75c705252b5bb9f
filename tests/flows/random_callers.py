"""Callers who do anything at any time: a flow stays polite, and every call comes to its end."""

import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from hypothesis import settings

from flows.app import lambda_handler
from offhook.emulator.service.config import load
from offhook.emulator.testing import MEETING_NUMBER, LambdaHandler, Phone, PhoneCall
from tests.flows.random_stories import Stage, Story

often = settings(derandomize=True)
"""How much of anything a flow is shown."""

HERE = load()

SECONDS_TO_END = 5
"""A call is over so long after the person on LEG-A has hung up, and 10 s later for each Hangup
that the service fails: that is tried again."""

SECONDS_OF_RINGING = 60
"""A call is answered within this time, or given up."""

SECONDS_OF_SILENCE = 60
"""Whoever is alone on a call hears something within this time, or the call is over."""


def play(
    story: Story,
    deliveries: int = 1,
    *,
    versions: Sequence[LambdaHandler] = (lambda_handler,),
    deployed_after: int = 0,
    fails: bool = False,
) -> PhoneCall:
    """Play a story, and what must hold of every one. After so many steps the last of the `versions`
    is deployed; it may be one that `fails` where it cannot read what the first has stored."""
    desk = HERE.model_copy(update={"settings": story.settings})
    with (
        complaints() as told,
        Phone(versions[0], desk=desk, deliveries=deliveries, seed=0) as phone,
    ):
        stage = Stage(phone, story)
        call = stage.call
        for number, (verb, what) in enumerate([*story.steps, ("waits", 0.0)]):
            if number == deployed_after:
                phone.deploys(versions[-1])
            stage.play(verb, what)
        if not (call.is_over or call.is_connected):
            call.waits(SECONDS_OF_RINGING)
        nobody_is_forgotten(call)
        stage.leaves()
        call.waits(SECONDS_TO_END + 10 * story.failing_hangups)
        everybody_is_let_go(call)
    assert fails or told == []
    return call


@contextmanager
def complaints() -> Generator[list[str]]:
    """What is logged at ERROR: a reply was refused, or a handler raised."""
    told: list[str] = []

    class Complaints(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    handler = Complaints(logging.ERROR)
    logger = logging.getLogger("offhook")
    logger.addHandler(handler)
    try:
        yield told
    finally:
        logger.removeHandler(handler)


def nobody_is_forgotten(call: PhoneCall) -> None:
    """Whoever is alone on the call hears something before long, or is let go."""
    if call.is_connected and len(connected(call.events[-1])) < 2:
        heard = call.heard
        call.waits(SECONDS_OF_SILENCE)
        assert call.is_over or len(connected(call.events[-1])) == 2 or call.heard > heard, call


def everybody_is_let_go(call: PhoneCall) -> None:
    """The call is over, by no fault of ours, and each leg's end was told once."""
    assert call.is_over, call
    assert not [one for one in call.ladder.entries if one.kind == "service"], call
    assert "reply refused" not in call.ladder.render(), call
    assert [event["Sequence"] for event in call.events] == [*range(1, len(call.events) + 1)]
    assert len(call.events) < 200, call
    telephones = {
        leg["CallId"]
        for event in call.events
        for leg in participants(event)
        if leg.get("Status") == "Connected" and MEETING_NUMBER not in (leg["To"], leg["From"])
    }
    ended = [
        cast("dict[str, dict[str, object]]", event["ActionData"])["Parameters"]["CallId"]
        for event in call.events
        if event["InvocationEventType"] == "HANGUP"
    ]
    assert len(ended) == len(set(ended)), call
    assert telephones <= set(ended), call


def participants(event: Mapping[str, object]) -> list[dict[str, object]]:
    """The legs of an event."""
    return cast("dict[str, list[dict[str, object]]]", event["CallDetails"])["Participants"]


def connected(event: Mapping[str, object]) -> list[dict[str, object]]:
    """The legs with somebody on them, as far as the function knows."""
    return [leg for leg in participants(event) if leg.get("Status") == "Connected"]
