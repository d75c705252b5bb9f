"""Two people who do anything at any time, and functions that answer anything: what always holds."""

import wave
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Bot, Person, Phone, PhoneCall, Settings
from tests.emulator.call.every_action import ATTENDEE, BOT, MEETING, PARAMETERS, TOKEN
from tests.emulator.call.stories import BEN, PicksUp, call_id
from tests.emulator.call.wavs import read
from tests.emulator.functions import (
    Event,
    Told,
    Wire,
    action_data,
    details,
    legs,
    parameters,
    types,
)

TAGS = ("LEG-A", "LEG-B")
A_MILLISECOND = 8
"""Samples."""


class Chosen(NamedTuple):
    """An action, and how it names its leg."""

    kind: str
    tag: str | None
    by_call_id: bool
    more: Wire


class Doing(NamedTuple):
    """What happens next: after some seconds, somebody does something."""

    seconds: float
    who: str
    what: str


NOBODY = "00000000-0000-4000-8000-000000000000"
MORE: Mapping[str, Sequence[Wire]] = {
    "CallAndBridge": [{"CallTimeoutSeconds": 3}, {"CallTimeoutSeconds": 0}, {}, {}],
    "Pause": [{"DurationInMilliseconds": 100}, {"DurationInMilliseconds": 2_500}],
    "RecordAudio": [{"DurationInSeconds": 2}, {"SilenceDurationInSeconds": 1}],
    "StartCallRecording": [{"Track": track} for track in ("BOTH", "INCOMING", "OUTGOING")],
    "ReceiveDigits": [{"InputDigitsRegex": r"^\d$"}, {"FlushDigitsDurationInMilliseconds": 1}],
    "PlayAudio": [{"PlaybackTerminators": ["#"]}, {"Repeat": 2}],
}
KINDS = (*sorted(PARAMETERS), *("CallAndBridge",) * 6, *("StartCallRecording", "RecordAudio") * 2)


@st.composite
def actions(draw: st.DrawFn) -> Chosen:
    """Any action, on any leg, named in any way."""
    kind = draw(st.sampled_from(KINDS))
    more = draw(st.sampled_from([*MORE.get(kind, [{}])]))
    return Chosen(kind, draw(st.sampled_from([None, *TAGS])), draw(st.booleans()), more)


LISTS = st.lists(actions(), max_size=5)
SECONDS = st.one_of(st.sampled_from([0.0, 0.001, 0.25, 1.0, 2.0, 5.0, 31.0]), st.floats(0, 20))
WHATS = ("answers", "answers", "declines", "hangs up", "says", "1", "1#", "*", "updates")
DOINGS = st.builds(Doing, SECONDS, st.sampled_from(["ana", "ben"]), st.sampled_from(WHATS))
SETTINGS = st.fixed_dictionaries(
    {
        "hangup_of_leg_b": st.sampled_from(
            ["action_successful_then_hangup", "hangup_then_action_successful", "hangup"]
        ),
        "caller_leaves_during_an_action": st.sampled_from(["action_then_hangup", "hangup"]),
        "reply_while_an_action_runs": st.sampled_from(["finish_then_replace", "replace"]),
        "list_after_its_leg_left": st.sampled_from(["dropped", "goes_on"]),
        "list_while_the_function_is_asked": st.sampled_from(["goes_on", "waits"]),
        "success_of_a_replaced_action": st.sampled_from(["told", "silent"]),
        "unmatched_digits": st.sampled_from(["forget", "send"]),
    }
)


def wire(chosen: Chosen, event: Event) -> Wire:
    """The action as it is sent in the answer to an event."""
    named: dict[str, object] = {}
    there = [str(leg["ParticipantTag"]) for leg in legs(event)]
    if chosen.by_call_id:
        tag = chosen.tag or "LEG-A"
        named["CallId"] = call_id(event, tag) if tag in there else NOBODY
    elif chosen.tag is not None:
        named["ParticipantTag"] = chosen.tag
    return {
        "Type": chosen.kind,
        "Parameters": {**PARAMETERS[chosen.kind], **named, **chosen.more},
    }


class Application:
    """Answers each event with the next of its lists, and in the end with nothing."""

    def __init__(self, lists: Sequence[Sequence[Chosen]]) -> None:
        self._lists = iter(lists)

    def __call__(self, event: object, _context: object) -> object:
        told = cast("Event", event)
        some = [wire(chosen, told) for chosen in next(self._lists, ())]
        return {"SchemaVersion": "1.0", "Actions": some}


def does(doing: Doing, ana: PhoneCall, ben: Person) -> None:
    """Do it, if a person could."""
    ana.waits(doing.seconds)
    who = ana if doing.who == "ana" else ben
    rings = who.is_ringing and not ana.is_over
    match doing.what:
        case "updates" if not ana.is_over:
            ana.updates()
        case "answers" | "declines" if who is ben and rings:
            (ben.answers if doing.what == "answers" else ben.declines)()
        case "hangs up" if who.is_connected:
            who.hangs_up()
        case "says" if who.is_connected:
            who.says("one two three")
        case keys if who.is_connected and set(keys) <= set("1*#"):
            for key in keys:
                if who.is_connected:
                    who.presses(key)
        case _:
            pass


def everybody_hangs_up(ana: PhoneCall, ben: Person) -> None:
    """Whoever is still there; somebody may be called even then."""
    for _ in range(5):
        ana.waits(0.5)
        if not ana.is_over and (ana.is_connected or ana.is_ringing):
            ana.hangs_up()
        if ben.is_connected:
            ben.hangs_up()
    ana.settles()


@pytest.fixture(scope="module")
def wavs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of prompts with one in it."""
    folder = tmp_path_factory.mktemp("prompts")
    with wave.open(str(folder / "welcome.wav"), "wb") as wav:
        wav.setparams((1, 2, 8_000, 0, "NONE", ""))
        wav.writeframes(bytes(2 * 3 * 8_000))
    return folder


@given(
    lists=st.lists(LISTS, min_size=1, max_size=12),
    doings=st.lists(DOINGS, max_size=10),
    decided=SETTINGS,
    is_bridged=st.booleans(),
)
def test_whatever_happens_the_events_are_in_order_and_the_call_ends(
    wavs: Path,
    lists: list[list[Chosen]],
    doings: list[Doing],
    decided: dict[str, str],
    is_bridged: bool,
) -> None:
    first = Chosen("CallAndBridge" if is_bridged else "Speak", None, False, {})
    desk = Desk(prompts=wavs, prompts_bucket="prompts", settings=Settings.model_validate(decided))
    with Phone(Application([[first, *lists[0]], *lists[1:]]), desk=desk) as phone:
        phone.meeting(MEETING, {TOKEN: ATTENDEE})
        phone.bot(BOT, Bot(seconds=2))
        ben = PicksUp(phone, after=1) if is_bridged else Person(phone)
        phone.at(BEN, ben)
        ana = phone.dials()
        for doing in doings:
            does(doing, ana, ben)
        everybody_hangs_up(ana, ben)
        assert ana.is_over
        is_in_order(ana.events)
        for file in phone.recordings:
            begins_and_ends(ana, file)


def is_in_order(events: Told) -> None:
    """What holds for the events of any call."""
    assert [event["Sequence"] for event in events] == [*range(1, len(events) + 1)]
    assert types([events[0], events[-1]]) == ["NEW_INBOUND_CALL", "HANGUP"]
    hung_up = Counter(
        parameters(event)["CallId"] for event in events if event["InvocationEventType"] == "HANGUP"
    )
    assert set(hung_up.values()) == {1}
    for event in events:
        assert [leg["ParticipantTag"] for leg in legs(event)] == [*TAGS[: len(legs(event))]]
        assert 1 <= len(legs(event)) <= 2
        assert next(iter(details(event))) == "TransactionId"
    gone: set[object] = set()
    for event in events:
        now_gone = {leg["CallId"] for leg in legs(event) if leg.get("Status") == "Disconnected"}
        there = {leg["CallId"] for leg in legs(event)}
        assert gone & there <= now_gone, "nobody comes back"
        gone |= now_gone
    assert gone >= {leg["CallId"] for leg in legs(events[-1])}


def begins_and_ends(call: PhoneCall, file: Path) -> None:
    """A recording is as long as what was recorded took."""
    leg = file.stem.rpartition("_")[2]
    said = (entry for entry in call.ladder.entries if entry.text.endswith(file.name))
    began = next(said).time
    if "talks" in file.parts:
        ends = [at for at, event in times(call) if has_left(event, leg)]
        stops = [entry for entry in call.ladder.entries if entry.text == "recording: stop"]
        ends += [entry.time for entry in stops if entry.time >= began]
    else:
        told = [(at, action_data(event)) for at, event in times(call) if "ActionData" in event]
        ends = [at for at, data in told if file.name in str(data.get("RecordingDestination"))]
    samples = read(file).samples
    if "talks" not in file.parts and not ends:
        return  # an update interrupted it, or a new list: that is not told
    assert any(abs(samples - (end - began) * 8_000) <= 2 * A_MILLISECOND for end in ends)


def times(call: PhoneCall) -> list[tuple[float, Event]]:
    """When each event was told."""
    told_at = [entry.time for entry in call.ladder.entries if entry.text.startswith(EVENT_TYPES)]
    return list(zip(told_at, call.events, strict=True))


EVENT_TYPES = (
    *("NEW_INBOUND_CALL ", "ACTION_", "HANGUP ", "DIGITS_RECEIVED ", "CALL_UPDATE_REQUESTED "),
)


def has_left(event: Event, leg: str) -> bool:
    """Whether a leg has ended."""
    return any(
        each["CallId"] == leg and each.get("Status") == "Disconnected" for each in legs(event)
    )
