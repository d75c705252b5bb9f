"""Who is at the other end of a number: somebody, a machine, a menu, or nobody.

About `offhook.emulator.call.world`.
"""

import pytest

from offhook.actions import Action, Hangup, Pause, SendDigits, Speak
from offhook.emulator.call.leg import Leg
from offhook.emulator.testing import (
    Agent,
    Answers,
    FarEnd,
    Ivr,
    LiveCall,
    NeverAnswers,
    Rejects,
    Voicemail,
    busy,
    speech,
)
from tests.emulator.call.stories import ANA, BEN, BRIDGE, aimed, on, scripted
from tests.emulator.functions import AnsweredBy, in_turn, legs, parameters, types

CALLED = ["NEW_OUTBOUND_CALL", "RINGING"]


def test_a_number_that_nobody_describes_answers_after_two_seconds(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    ana = phone.dials()
    ana.waits(1.999)
    assert len(ana.events) == 1
    ana.waits(0.001)
    assert types(ana.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert ana.hears_nothing


@pytest.mark.parametrize("far_end", [busy(), Rejects(603), Rejects(404, after=4)], ids=repr)
def test_whom_we_call_refuses_with_a_code(answered_by: AnsweredBy, far_end: Rejects) -> None:
    phone = answered_by(scripted())
    phone.at(ANA, far_end)
    call = phone.rings(ANA)
    call.ends()
    assert types(call.events) == [*CALLED, "HANGUP"]
    assert parameters(call.events[-1])["SipResponseCode"] == far_end.sip_response_code
    assert call.ladder.entries[-1].time == far_end.after


def test_whom_we_call_never_answers(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted())
    phone.at(ANA, NeverAnswers())
    call = phone.rings(ANA)
    call.ends()
    assert types(call.events) == [*CALLED, "HANGUP"]


def test_whom_we_call_picks_up_speaks_and_hangs_up(answered_by: AnsweredBy) -> None:
    phone = answered_by(on("CALL_ANSWERED", [Speak(text="one two three four five six seven")]))
    phone.at(ANA, Answers(after=3, says=["Ana here.", "Hello?"], hangs_up_after=2))
    call = phone.rings(ANA)
    call.settles()
    said = [entry.text for entry in call.ladder.entries if entry.kind == "says"]
    assert said == ["says “Ana here.”  (0.7 s)", "says “Hello?”  (0.4 s)"]
    assert call.ladder.entries[-1].time == 5
    assert types(call.events) == [*CALLED, "CALL_ANSWERED", "ACTION_SUCCESSFUL", "HANGUP"]


def test_a_voicemail_listens_for_a_while_and_hangs_up(answered_by: AnsweredBy) -> None:
    phone = answered_by(on("CALL_ANSWERED", [Speak(text="Please call us back.")]))
    phone.at(ANA, Voicemail("one two three four five six seven", after=5, listens=10))
    call = phone.rings(ANA)
    call.settles()
    assert call.ladder.entries[-1].time == pytest.approx(5 + 2.545 + 0.5 + 10, abs=0.001)
    assert types(call.events)[-1] == "HANGUP"


BREAD = Speak(text="Your bread is ready at nine.")


@pytest.mark.parametrize(
    ("actions", "says"),
    [
        ([BREAD], "kept 0.6 s"),
        ([Pause(duration_in_milliseconds=3_000), BREAD], "kept 2.2 s"),
        ([Speak(text="Hello.")], "kept nothing: what was said was over before its tone"),
        ([], "kept nothing: nobody said anything"),
        ([Hangup()], "kept nothing: the call was over before its tone"),
    ],
    ids=["the end of it", "all of it", "nothing", "silence", "no time"],
)
def test_a_mailbox_says_what_it_kept(
    answered_by: AnsweredBy, actions: list[Action[object]], says: str
) -> None:
    phone = answered_by(on("CALL_ANSWERED", actions))
    phone.at(ANA, Voicemail("one two three", after=1, listens=10))  # a second, and its tone
    call = phone.rings(ANA)
    call.settles()
    assert f"the mailbox {says}" in [entry.text for entry in call.ladder.entries]


def test_our_application_finds_its_way_through_a_menu(answered_by: AnsweredBy) -> None:
    dial = aimed("LEG-A", lambda leg: SendDigits(call_id=leg, digits=",,1,,42#"))
    phone = answered_by(on("CALL_ANSWERED", dial))
    phone.at(ANA, Ivr("Press 1.", answers={"1": "The extension?", "42#": "Ringing."}))
    call = phone.rings(ANA)
    call.waits(20)
    said = [entry.text.partition("  ")[0] for entry in call.ladder.entries if entry.kind == "says"]
    assert said == ["says “Press 1.”", "says “The extension?”", "says “Ringing.”"]
    assert call.tones == "142#"


@pytest.mark.parametrize(
    "far_end",
    [
        Answers(after=3, says=["Hello?"], hangs_up_after=9),
        Rejects(603, after=3),
        Voicemail(after=3),
        Ivr("Press 1.", after=3),
    ],
    ids=lambda far_end: type(far_end).__name__,
)
def test_a_far_end_that_was_given_up_does_nothing_more(
    answered_by: AnsweredBy, far_end: FarEnd
) -> None:
    phone = answered_by(scripted([Speak(text="Hello."), BRIDGE]))
    phone.at(BEN, far_end)
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(1)
    ana.hangs_up()
    ana.ends()
    lines = len(ana.ladder.entries)
    phone.wait(120)
    assert len(ana.ladder.entries) == lines


class Breaks:
    """A far end with a fault in it."""

    def __init__(self, after: float) -> None:
        self._after = after

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Break, at once or when nobody looks."""
        if not self._after:
            self._answer(call)
        leg.loop.call_later(self._after, self._answer, call)

    def _answer(self, _call: LiveCall) -> None:
        raise LookupError("out of order")


@pytest.mark.parametrize("after", [0, 1])
def test_a_fault_in_a_far_end_is_not_lost(answered_by: AnsweredBy, after: int) -> None:
    phone = answered_by(scripted([BRIDGE], [Hangup()]))
    phone.at(BEN, Breaks(after))
    ana = phone.dials()
    with pytest.raises(LookupError, match="out of order"):
        ana.waits(2)


# --- a voice agent


def test_an_agent_takes_its_turns_when_it_is_spoken_to_and_gives_the_caller_back(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Agent(turns=["What is it?", "I see.", {"X-Given-Back": "desk"}], after=2))
    ana = phone.dials()
    ana.hears("What is it?")
    ana.says("My bicycle is broken, and I have to be at work at nine.")
    before = phone.now
    ana.hears("I see.")
    assert phone.now - before == pytest.approx(speech("I see.", "text", 165).seconds)
    ana.says("Please!")
    ana.waits(0)
    event = ana.events[-1]
    assert event["InvocationEventType"] == "HANGUP"
    assert legs(event)[1]["SipHeaders"] == {"X-Given-Back": "desk"}


def test_an_agent_goes_on_by_itself_and_stays_when_all_is_said(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Agent(turns=["One.", "Two."], patience=3))
    ana = phone.dials()
    ana.hears("One.")
    before = phone.now
    ana.hears("Two.")
    assert phone.now - before == pytest.approx(3 + speech("Two.", "text", 165).seconds)
    ana.waits(600)
    assert types(ana.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


def test_an_agent_dies_in_the_middle(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Agent(turns=["One."], dies=True))
    ana = phone.dials()
    ana.hears("One.")
    ana.waits(5)
    assert "LEG-B  the line breaks" in str(ana)
    assert "SipHeaders" not in legs(ana.events[-1])[1]


def test_an_agent_that_was_let_go_says_no_more(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([BRIDGE], [], [Hangup(participant_tag="LEG-B")]))
    phone.at(BEN, Agent(turns=["One.", "Two.", "Three."]))
    ana = phone.dials()
    ana.hears("One.")
    ana.hangs_up()
    ana.waits(20)
    assert "Three." not in str(ana)
