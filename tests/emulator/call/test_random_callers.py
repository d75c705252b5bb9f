"""Callers who do anything at any time, and functions that answer anything: what always holds."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone, PhoneCall, Settings
from tests.emulator.functions import Wire, in_turn, legs, parameters, types

Doing: TypeAlias = float | str
"""Seconds to wait, keys to press, or `answers`."""

KEYS = "0123456789*#"
MILLISECONDS = st.sampled_from([1, 99, 100, 400, 1_000, 2_500, 30_000])
TEXTS = st.sampled_from(["Hello.", "Press one, or two, or wait.", "", "x" * 1001, "<speak>"])
WAVS = st.sampled_from(["nothing.wav", "../outside.wav"])
REGEXES = st.sampled_from([r"^\d+$", r"^[12]$", r"^\d{2}#$", "[", r"^(?!9)"])
LEGS: st.SearchStrategy[Wire] = st.sampled_from(
    [{}, {}, {}, {"ParticipantTag": "LEG-A"}, {"ParticipantTag": "LEG-B"}]
)


@st.composite
def actions(draw: st.DrawFn) -> Wire:
    """Any action of one leg, most of them in order."""
    sent: dict[str, object] = {}
    match kind := draw(st.sampled_from(["Speak", "Pause", "PlayAudio", "Hangup", "Menu", "Menu"])):
        case "Speak":
            sent |= {"Text": draw(TEXTS), "TextType": draw(st.sampled_from(["text", "ssml"]))}
        case "Pause":
            sent["DurationInMilliseconds"] = draw(MILLISECONDS)
        case "PlayAudio":
            sent["AudioSource"] = {"Type": "S3", "BucketName": "prompts", "Key": draw(WAVS)}
        case "Hangup":
            sent["SipResponseCode"] = draw(st.sampled_from(["0", 0, 486, "x"]))
        case _:
            kind = "SpeakAndGetDigits"
            sent |= draw(menus())
    return {"Type": kind, "Parameters": {**sent, **draw(LEGS)}}


@st.composite
def menus(draw: st.DrawFn) -> Wire:
    """The parameters of an action that collects digits."""
    optional: dict[str, st.SearchStrategy[object]] = {
        "MinNumberOfDigits": st.integers(0, 3),
        "MaxNumberOfDigits": st.integers(0, 4),
        "Repeat": st.integers(0, 3),
        "InputDigitsRegex": REGEXES,
        "TerminatorDigits": st.lists(st.sampled_from(KEYS), max_size=2),
        "InBetweenDigitsDurationInMilliseconds": MILLISECONDS,
    }
    chosen = draw(st.sets(st.sampled_from(sorted(optional))))
    return {
        "SpeechParameters": {"Text": draw(TEXTS)},
        "FailureSpeechParameters": {"Text": "Sorry?"},
        "RepeatDurationInMilliseconds": draw(MILLISECONDS),
        **{name: draw(optional[name]) for name in sorted(chosen)},
    }


def envelope(some: Sequence[Wire]) -> object:
    return {"SchemaVersion": "1.0", "Actions": some}


def storing(attributes: Mapping[str, int]) -> object:
    return {"SchemaVersion": "1.0", "TransactionAttributes": attributes}


LISTS = st.lists(actions(), min_size=1, max_size=4).map(envelope)
STORING = st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=2).map(storing)
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, "", {}, 7, {"Actions": []}, {"SchemaVersion": "1.0"}]
)
REPLIES = st.one_of(LISTS, LISTS, LISTS, STORING, ODD)
DOINGS: st.SearchStrategy[Doing] = st.one_of(
    st.sampled_from([0.0, 0.001, 0.25, 0.4, 1.0, 2.5, 31.0, 61.0]),
    st.floats(0, 40),
    st.text(KEYS, min_size=1, max_size=4),
    st.just("answers"),
)


def does(call: PhoneCall, doing: Doing) -> None:
    """Do it, if a person could."""
    if not isinstance(doing, str):
        call.waits(doing)
    elif doing == "answers":
        if types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING"]:
            call.answers()
    else:
        for key in doing:
            if call.is_connected:
                call.presses(key)


def lives(phone: Phone, doings: Sequence[Doing], *, is_called: bool = False) -> PhoneCall:
    """A whole call: whoever is still there in the end hangs up."""
    call = phone.rings() if is_called else phone.dials()
    for doing in (0.0, *doings):
        before = phone.now
        does(call, doing)
        assert phone.now >= before
    if not call.is_over:
        call.hangs_up()
    call.settles()
    return call


@given(
    first=st.one_of(LISTS, REPLIES),
    then=st.lists(REPLIES, max_size=8),
    doings=st.lists(DOINGS, max_size=6),
    is_called=st.booleans(),
    leaves=st.sampled_from(["action_then_hangup", "hangup"]),
)
def test_whatever_happens_the_call_is_told_in_order_and_ends(
    first: object, then: Sequence[object], doings: Sequence[Doing], is_called: bool, leaves: str
) -> None:
    chosen = Settings.model_validate({"caller_leaves_during_an_action": leaves})
    with Phone(in_turn(first, *then), desk=Desk(settings=chosen)) as phone:
        call = lives(phone, doings, is_called=is_called)
    assert call.is_over
    assert [event["Sequence"] for event in call.events] == [*range(1, len(call.events) + 1)]
    assert len(call.replies) == len(call.events)
    times = [entry.time for entry in call.ladder.entries]
    assert times == sorted(times)
    assert call.ladder.entries[-1].text == "the call is over"
    was_dropped = any(entry.kind == "service" for entry in call.ladder.entries)
    assert types(call.events).count("HANGUP") == (0 if was_dropped else 1)
    assert was_dropped or types(call.events)[-1] == "HANGUP"
    check_legs(call.events)


def check_legs(told: Sequence[Wire]) -> None:
    """A leg is unanswered, then connected, then gone, and never comes back."""
    order = {"None": 0, "Connected": 1, "Disconnected": 2}
    seen = [order[str(legs(event)[0].get("Status"))] for event in told]
    assert seen == sorted(seen)
    for event in told:
        assert len(legs(event)) == 1
        if event["InvocationEventType"] == "HANGUP":
            assert parameters(event)["CallId"] == legs(event)[0]["CallId"]
            assert legs(event)[0]["Status"] == "Disconnected"


@given(
    first=st.one_of(LISTS, REPLIES),
    then=st.lists(REPLIES, max_size=5),
    doings=st.lists(DOINGS, max_size=4),
    seed=st.integers(0, 3),
)
def test_the_same_caller_and_function_make_the_same_call(
    first: object, then: Sequence[object], doings: Sequence[Doing], seed: int
) -> None:
    def story() -> tuple[str, object]:
        with Phone(in_turn(first, *then), desk=Desk(), seed=seed) as phone:
            call = lives(phone, doings)
            return call.ladder.render(), call.events

    assert story() == story()
