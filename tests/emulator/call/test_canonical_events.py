"""The other payloads in events/: hang-ups, digits, updates, interruptions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Hangup, JoinChimeMeeting, Speak
from offhook.emulator.testing import Answers, NeverAnswers, PhoneCall, Rejects
from tests.emulator.call.canonical import aimed_at, canonical, names, without_ids
from tests.emulator.call.every_action import TOKEN
from tests.emulator.call.stories import ANA, BEN, BRIDGE, OUR_NUMBER, Event, on, scripted
from tests.emulator.functions import AnsweredBy, action_data, details, parameters, reply

BRIDGE_AS_ANA = BRIDGE.model_copy(update={"caller_id_number": ANA})
HELLO = Speak(text="Hello.")


def bridged(answered_by: AnsweredBy, *then: object) -> tuple[PhoneCall, Callable[[], None]]:
    """A bridged call as in the payloads, and how whom we called hangs up."""
    phone = answered_by(scripted([BRIDGE_AS_ANA], *then), meeting_leg_numbers="from_meeting")
    ben = phone.person(BEN)
    ana = phone.dials(OUR_NUMBER, from_=ANA)
    ben.answers()
    return ana, ben.hangs_up


def one_leg_hangs_up(answered_by: AnsweredBy) -> PhoneCall:
    stored = reply(Hangup(), TransactionAttributes={"key1": "val1"})
    return answered_by(scripted(stored)).dials(from_=ANA)


def the_caller_leaves_first(answered_by: AnsweredBy) -> PhoneCall:
    ana, _ = bridged(answered_by)
    ana.hangs_up()
    return ana


def the_callee_leaves_first(answered_by: AnsweredBy) -> PhoneCall:
    ana, ben_hangs_up = bridged(answered_by)
    ben_hangs_up()
    return ana


def the_callee_leaves_last(answered_by: AnsweredBy) -> PhoneCall:
    ana, ben_hangs_up = bridged(answered_by)
    ana.hangs_up()
    ben_hangs_up()
    return ana


def a_caller_leaves_a_meeting(answered_by: AnsweredBy) -> PhoneCall:
    join = JoinChimeMeeting(join_token=TOKEN)
    ana = answered_by(scripted([join]), meeting_leg_numbers="from_meeting").dials(from_=ANA)
    ana.waits(1)
    ana.hangs_up()
    return ana


def whom_we_call_is_busy(answered_by: AnsweredBy) -> PhoneCall:
    phone = answered_by(scripted())
    phone.at(BEN, Rejects(486, after=3))
    return phone.rings(BEN)


def whom_we_call_does_not_answer(answered_by: AnsweredBy) -> PhoneCall:
    phone = answered_by(scripted())
    phone.at(BEN, NeverAnswers())
    return phone.rings(BEN)


HANGUPS: Mapping[str, Callable[[AnsweredBy], PhoneCall]] = {
    "single_leg": one_leg_hangs_up,
    "leg_a_leg_b_still_up": the_caller_leaves_first,
    "leg_b_leg_a_still_up": the_callee_leaves_first,
    "leg_b_last": the_callee_leaves_last,
    "meeting_caller_left": a_caller_leaves_a_meeting,
    "outbound_busy_486": whom_we_call_is_busy,
    "outbound_no_answer_480": whom_we_call_does_not_answer,
}


@pytest.mark.parametrize("name", HANGUPS)
def test_a_hangup_is_told_as_in_the_payload(answered_by: AnsweredBy, name: str) -> None:
    call = HANGUPS[name](answered_by)
    call.waits(120)
    assert without_ids(call.events[-1]) == without_ids(canonical(f"hangup/{name}"))


def test_every_hangup_that_is_told_is_here() -> None:
    read_but_not_told = {"doc_glitch_leg_b", "without_code"}
    assert {Path(name).name for name in names("hangup")} == {*HANGUPS, *read_but_not_told}


@pytest.mark.parametrize("name", names("digits_received"))
def test_digits_are_told_as_in_the_payload(answered_by: AnsweredBy, name: str) -> None:
    wanted = canonical(name)

    def listen(event: Event) -> list[object]:
        return [
            {"Type": "ReceiveDigits", "Parameters": aimed_at(parameters(wanted), wanted, event)}
        ]

    if name.endswith("bridged"):
        ana, _ = bridged(answered_by, listen)
    else:
        ana = answered_by(scripted([HELLO], listen)).dials(from_=ANA)
        ana.hears("Hello.")
    ana.presses(str(action_data(wanted)["ReceivedDigits"]))
    ana.waits(6)
    assert without_ids(ana.events[-1]) == without_ids(wanted)


@pytest.mark.parametrize("name", names("action_interrupted"))
def test_an_interruption_is_told_as_in_the_payload(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], name: str
) -> None:
    a_wav("example-prompts/hold.wav", seconds=30)
    wanted = canonical(name)

    def run(event: Event) -> list[object]:
        given = aimed_at(parameters(wanted), wanted, event)
        return [{"Type": action_data(wanted)["Type"], "Parameters": given}]

    ana = answered_by(scripted([HELLO], run, [Speak(text="New.")])).dials(from_=ANA)
    ana.waits(0.5)
    ana.updates()
    told = [event for event in ana.events if event["InvocationEventType"] == "ACTION_INTERRUPTED"]
    assert without_ids(told[0]) == without_ids(wanted)


@pytest.mark.parametrize("name", names("call_update_requested"))
def test_an_update_is_told_as_in_the_payload(answered_by: AnsweredBy, name: str) -> None:
    wanted = canonical(name)
    stored = reply(BRIDGE, TransactionAttributes=details(wanted).get("TransactionAttributes"))
    arguments = cast("Mapping[str, str]", parameters(wanted)["Arguments"])
    if "SipRuleId" in details(wanted):
        call = answered_by(scripted([HELLO])).dials(from_=ANA)
        call.hears("Hello.")
    else:
        phone = answered_by(on("CALL_ANSWERED", stored))
        phone.at(BEN, Answers(after=0))  # he is called twice
        call = phone.rings(BEN)
        call.waits(1)
    call.updates(**arguments)
    assert without_ids(call.events[-1]) == without_ids(wanted)
