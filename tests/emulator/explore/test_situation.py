"""What tells two situations apart, and what does not."""

from base64 import b64encode
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import (
    Action,
    CallAndBridge,
    Hangup,
    PauseCallRecording,
    ReceiveDigits,
    Speak,
    StartCallRecording,
)
from offhook.emulator.call.call import Call
from offhook.emulator.explore import situation
from offhook.emulator.explore.situation import Growing, Json, Now, hashed, stale, without_stamps
from offhook.emulator.testing import Phone
from tests.emulator.explore.lines import asks, call_id, explored, happened
from tests.emulator.functions import Event, reply

LATER = asks("And now?")


def situations_at(*first: Action[object], then: Action[object] = LATER) -> set[str]:
    """Those at the last of these actions, which is the same for all."""

    def handler(event: Event, _context: object) -> object:
        if happened(event) != "NEW_INBOUND_CALL":
            return reply()
        leg = {"call_id": call_id(event)}
        on_it = [
            each.model_copy(update=leg) if hasattr(each, "call_id") else each for each in first
        ]
        return reply(*on_it, then)

    found = explored(handler)
    return {name for name, box in found.boxes.items() if box.title == type(then).type_name()}


def test_the_same_on_two_paths_is_one_situation() -> None:
    assert len(situations_at(Speak(text="Hello."))) == 1
    assert situations_at(Speak(text="Hello.")) == situations_at(Speak(text="Hello."))


def test_what_is_so_in_a_call_has_a_name_but_for_what_only_grows() -> None:
    def now(attributes: Mapping[str, object]) -> tuple[Now, Call]:
        def handler(_event: Event, _context: object) -> object:
            return reply(LATER, TransactionAttributes=attributes)

        with Phone(handler) as phone:
            phone.dials().hears("And now?")
            (call,) = phone.service.placed()
            return Now.of(call, "SpeakAndGetDigits", "LEG-A"), call

    def names(growing: set[str]) -> set[str]:
        there = [now({"name": "Ada", "n": n}) for n in range(3)]

        def left(its: Json) -> Json:
            return {name: its[name] for name in its.keys() - growing}

        return {one.name(call, left, {}) for one, call in there}

    assert len(names({"n"})) == 1
    assert len(names(set())) == 3
    one, call = now({})
    answers, machine = (one.name(call, dict, {"LEG-A": who}) for who in ("answers", "machine"))
    assert answers != machine


def listens(expression: str) -> ReceiveDigits:
    return ReceiveDigits(
        input_digits_regex=expression,
        in_between_digits_duration_in_milliseconds=1_000,
        flush_digits_duration_in_milliseconds=5_000,
    )


RECORDS = StartCallRecording(call_id="LEG-A's", destination="talks", track="BOTH")
PAUSES = PauseCallRecording(call_id="LEG-A's")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([listens("^1$")], [listens("^2$")]),
        ([RECORDS], [RECORDS, PAUSES]),
        ([RECORDS], []),
    ],
)
def test_what_goes_on_in_the_background_tells_situations_apart(
    one: list[Action[object]], other: list[Action[object]]
) -> None:
    assert situations_at(*one).isdisjoint(situations_at(*other))


def test_who_is_on_the_other_leg_tells_situations_apart() -> None:
    bridge = CallAndBridge(caller_id_number="+15550100100", uri="+15550100300")

    def handler(event: Event, _context: object) -> object:
        match happened(event):
            case "NEW_INBOUND_CALL":
                return reply(bridge)
            case "ACTION_SUCCESSFUL":
                return reply(LATER)
            case _:
                return reply()

    found = explored(handler)
    ways = {a.deed.does: a.to for a in found.arrows if a.deed.does in ("answers", "machine")}
    assert ways["answers"] != ways["machine"]


def test_ids_and_moments_tell_nothing_apart() -> None:
    one = "call 5cbd3cb2-4a6c-4b5e-9b5e-0c6a4c9f2a11 at 2027-03-01T10:00:00.123Z, 1803895200000"
    other = "call 9f2a11aa-4a6c-4b5e-9b5e-0c6a4c9f2a11 at 2027-03-02T11:30:00Z, 1803895999999"
    assert without_stamps(one) == without_stamps(other)
    assert without_stamps("room 12") != without_stamps("room 13")


def test_an_attendees_token_tells_nothing_apart() -> None:
    """The service makes another for each call; whatever seed its ids come of."""

    def handler(event: Event, _context: object) -> object:
        token = b64encode(f"{call_id(event)}:{call_id(event)}".encode()).decode()
        join = {"Type": "JoinChimeMeeting", "Parameters": {"JoinToken": token}}
        is_new = happened(event) == "NEW_INBOUND_CALL"
        return reply(LATER, join) if is_new else reply(Hangup())

    assert "shared-state" not in {each.finding.rule for each in explored(handler).found.values()}


def test_an_id_of_a_call_before_is_stale() -> None:
    old = "5cbd3cb2-4a6c-4b5e-9b5e-0c6a4c9f2a11"
    assert stale(f'{{"CallId":"{old}"}}', {old}) == old
    assert not stale(f'{{"CallId":"{old}"}}', {"another"})


@given(st.text(), st.text())
def test_other_texts_have_other_names(one: str, other: str) -> None:
    assert (hashed(one) == hashed(other)) is (one == other)


def looked_at(growing: Growing, *courses: Sequence[object]) -> Growing:
    for course in courses:
        growing.look([{"it": value} for value in course])
    return growing


def test_a_list_that_gets_longer_only_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(situation, "GROWN", 3)
    heard = [["a"] * count for count in range(20)]
    growing = looked_at(Growing(), *(heard[: n + 2] for n in range(4)))
    assert growing.names == {"it"}
    assert growing.without({"it": heard[3], "other": 2}) == {"it": len(str(heard[3])), "other": 2}
    looked_at(growing, *(heard[: n + 2] for n in range(4, 9)))
    assert growing.without({"it": 1, "other": 2}) == {"other": 2}


def test_what_is_set_once_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(situation, "GROWN", 3)
    assert looked_at(Growing(), *(["", str(n)] for n in range(9))).names == set()


def test_what_went_back_once_grows_only_when_there_is_no_end_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(situation, "GROWN", 3)
    monkeypatch.setattr(situation, "ENDLESS", 9)
    growing = looked_at(Growing(), [2, 1], *([n, n + 1] for n in range(8)))
    assert growing.names == set()
    assert looked_at(growing, *([n] for n in range(20, 30))).names == {"it"}
