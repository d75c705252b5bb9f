"""Callers who do anything at any time: the flows stay polite, and every call comes to its end."""

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.app import lambda_handler
from flows.reception import DESK
from flows.reminder import Reminder
from offhook.actions.base import ErrorType
from offhook.emulator.behaviours.join_chime_meeting import MEETING_NUMBER
from offhook.emulator.config import load
from offhook.emulator.far_ends import (
    Answers,
    FarEnd,
    Ivr,
    NeverAnswers,
    Rejects,
    Voicemail,
)
from offhook.emulator.meetings import Meeting
from offhook.emulator.settings import Settings
from offhook.emulator.testing import A_CALLER, Person, Phone, PhoneCall
from offhook.handler import arguments_of

OPENING_HOURS, RECEPTION, REMINDER, WAITING_ROOM = (f"+1555010010{n}" for n in range(4))
COLLEAGUE = "+15550100301"
MEETING, TOKEN = "8a1f", "ada-may-join"
HERE = load()

SECONDS_TO_END = 5
"""A call is over so long after the person on LEG-A has hung up, and 10 s later for each Hangup
that the service fails: that is tried again."""

SECONDS_OF_RINGING = 60
"""A call is answered within this time, or given up."""

SECONDS_OF_SILENCE = 60
"""Whoever is alone on a call hears something within this time, or the call is over."""

Who: TypeAlias = Literal["the caller", "the desk", "the colleague"]
Pair: TypeAlias = tuple[str, ErrorType]
Step: TypeAlias = tuple[str, object]


@dataclass(frozen=True)
class Story:
    """What everybody does in a call."""

    number: str
    arguments: Mapping[str, str] | None
    """Of a call that we make; `None` for one that is made to us."""
    desk: FarEnd | None
    colleague: FarEnd | None
    callee: FarEnd | None
    """Who is at a number; `None` is a person, who does as the steps say."""
    steps: list[Step]
    settings: Settings

    @property
    def failing_hangups(self) -> int:
        """How often the service fails to hang up."""
        return sum(verb == "fails" and "Hangup" in cast("Pair", what) for verb, what in self.steps)


seconds = st.sampled_from([0.1, 0.9, 2.0, 4.5, 9.0, 21.0])
keys = st.sampled_from(["*0", "*1", "12", *"0123456789*#", "1", "1", "2", "2"])
words = st.sampled_from(["Hello?", "Would you please call me back about my bicycle?"])
far_ends = st.none() | st.one_of(
    st.builds(
        Answers,
        after=seconds,
        says=st.lists(words, max_size=2),
        hangs_up_after=st.none() | seconds,
    ),
    st.builds(Rejects, st.sampled_from([404, 480, 486, 603]), after=seconds),
    st.builds(Voicemail, after=seconds, listens=seconds),
    st.builds(Ivr, words, after=seconds),
    st.just(NeverAnswers()),
)
numbers = st.sampled_from([DESK, COLLEAGUE, WAITING_ROOM, "", "12"])
tokens = st.sampled_from([TOKEN, TOKEN, "wrong", ""])
meetings = st.sampled_from([MEETING, MEETING, "another", ""])
decisions: st.SearchStrategy[dict[str, str]] = st.one_of(
    numbers.map(lambda number: {"what": "transfer", "number": number}),
    st.tuples(tokens, meetings).map(
        lambda to: {"what": "admit", "join_token": to[0], "meeting_id": to[1]}
    ),
    st.just({"what": "end"}),
    st.dictionaries(st.sampled_from(["what", "name", "offhook"]), st.text(max_size=5)),
)
failures = st.tuples(
    st.sampled_from(
        [
            *("Speak", "SpeakAndGetDigits", "PlayAudio", "Pause", "ReceiveDigits", "Hangup"),
            *("CallAndBridge", "JoinChimeMeeting", "RecordAudio", "StartCallRecording"),
        ]
    ),
    st.sampled_from(["SystemException", "InvalidActionParameter"]),
)
somebody: st.SearchStrategy[Who] = st.sampled_from(["the desk", "the colleague"])
steps = st.one_of(
    st.tuples(st.just("waits"), seconds),
    st.tuples(st.just("presses"), keys),
    st.tuples(st.just("says"), words),
    st.tuples(st.just("updates"), decisions),
    st.tuples(st.just("answers"), somebody),
    st.tuples(st.just("declines"), somebody),
    st.tuples(st.just("hangs up"), somebody | st.just("the caller")),
    st.tuples(st.just("fails"), failures),
    st.tuples(st.just("the meeting ends"), st.none()),
)
services = st.builds(
    Settings,
    hangup_of_leg_b=st.sampled_from(
        ["action_successful_then_hangup", "hangup_then_action_successful", "hangup"]
    ),
    hangup_of_the_only_leg=st.sampled_from(["hangup", "action_successful_then_hangup"]),
    caller_leaves_during_an_action=st.sampled_from(["action_then_hangup", "hangup"]),
    reply_while_an_action_runs=st.sampled_from(["finish_then_replace", "replace"]),
    digits_regex=st.sampled_from(["search", "fullmatch"]),
    failure_prompt_after_the_last_attempt=st.booleans(),
    receive_digits_after_a_match=st.sampled_from(["stays", "ends"]),
    unmatched_digits=st.sampled_from(["forget", "send"]),
    echo_participant_tag=st.booleans(),
    meeting_leg_numbers=st.sampled_from(["to_meeting", "from_meeting"]),
)


def stories(
    number: str, arguments: st.SearchStrategy[Mapping[str, str] | None]
) -> st.SearchStrategy[Story]:
    """Stories of calls on one of our numbers."""
    return st.builds(
        Story,
        number=st.just(number),
        arguments=arguments,
        desk=far_ends,
        colleague=far_ends,
        callee=far_ends,
        steps=st.lists(steps, max_size=10),
        settings=services,
    )


class Stage:
    """A story while it is played."""

    def __init__(self, phone: Phone, story: Story) -> None:
        self.phone = phone
        self.meeting: Meeting = phone.meeting(MEETING, {TOKEN: "ada"})
        self.people: dict[str, Person] = {}
        for name, number, far_end in (
            ("the desk", DESK, story.desk),
            ("the colleague", COLLEAGUE, story.colleague),
        ):
            if far_end is None:
                self.people[name] = phone.person(number)
            else:
                phone.at(number, far_end)
        if story.callee is not None:
            phone.at(A_CALLER, story.callee)
        if story.arguments is None:
            self.call: PhoneCall = phone.dials(story.number)
        else:
            self.call = phone.rings(from_=story.number, arguments=story.arguments)
            if story.callee is None:
                self.call.answers(after=1)

        self.call.waits(0)

    def play(self, verb: str, what: object) -> None:
        """One step, where it is possible."""
        call = self.call
        person = self.people.get(str(what))
        match verb:
            case "waits":
                call.waits(cast("float", what))
            case "presses":
                for key in str(what):
                    if call.is_connected:
                        call.presses(key)
            case "says" if call.is_connected:
                call.says(str(what))
            case "updates" if not call.is_over:
                call.updates(**cast("dict[str, str]", what))
            case "answers" | "declines" if person is not None and person.is_ringing:
                person.answers() if verb == "answers" else person.declines()
            case "hangs up" if what == "the caller":
                self.leaves()
            case "hangs up" if person is not None and person.is_connected:
                person.hangs_up()
            case "fails":
                action, error_type = cast("Pair", what)
                self.phone.fails(action, error_type, "At random.")
            case "the meeting ends":
                self.meeting.end()
                call.waits(0)
            case _:
                pass

    def leaves(self) -> None:
        """The person on LEG-A hangs up, if they are there."""
        if self.call.is_connected:
            self.call.hangs_up()


def play(story: Story, deliveries: int = 1) -> PhoneCall:
    """Play a story, and what must hold of every one."""
    desk = HERE.model_copy(update={"settings": story.settings})
    with complaints() as told, Phone(lambda_handler, desk=desk, deliveries=deliveries) as phone:
        stage = Stage(phone, story)
        call = stage.call
        for verb, what in story.steps:
            stage.play(verb, what)
        if not (call.is_over or call.is_connected):
            call.waits(SECONDS_OF_RINGING)
        nobody_is_forgotten(call)
        stage.leaves()
        call.waits(SECONDS_TO_END + 10 * story.failing_hangups)
        everybody_is_let_go(call)
    assert told == []
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


no_arguments: st.SearchStrategy[Mapping[str, str] | None] = st.none()
reminders: st.SearchStrategy[Mapping[str, str] | None] = st.just(
    arguments_of(Reminder(name="Ada", when="tomorrow at ten"))
)
often = settings(max_examples=60, deadline=None, derandomize=True)


@often
@given(stories(OPENING_HOURS, no_arguments))
def test_anybody_may_ask_for_the_opening_hours(story: Story) -> None:
    play(story)


@often
@given(stories(RECEPTION, no_arguments))
def test_anybody_may_call_the_reception(story: Story) -> None:
    play(story)


@often
@given(stories(REMINDER, reminders))
def test_anybody_may_be_reminded(story: Story) -> None:
    play(story)


@often
@given(stories(WAITING_ROOM, no_arguments))
def test_anybody_may_wait(story: Story) -> None:
    play(story)


@often
@given(stories(RECEPTION, no_arguments) | stories(WAITING_ROOM, no_arguments))
def test_a_repeated_delivery_changes_nothing(story: Story) -> None:
    assert play(story, deliveries=2).ladder.render() == play(story).ladder.render()
