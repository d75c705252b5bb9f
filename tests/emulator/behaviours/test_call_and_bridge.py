"""CallAndBridge: somebody is called, and joined to the caller when they answer (reference B.10)."""

import pytest

from offhook.actions import CallAndBridge, Hangup, Speak
from offhook.emulator.testing import (
    Answers,
    FarEnd,
    NeverAnswers,
    Rejects,
    StoryFailed,
    Voicemail,
    busy,
)
from tests.emulator.call.stories import (
    ANA,
    BEN,
    BRIDGE,
    DOWN,
    OUR_NUMBER,
    UP,
    bridged,
    on,
    scripted,
    story,
)
from tests.emulator.functions import (
    AnsweredBy,
    action_data,
    details,
    error,
    legs,
    parameters,
    types,
)

HELLO = Speak(text="One moment, please.")
HELLO_SECONDS = 1.091
NOT_ANSWERED = ("CallNotAnswered", "Call not answered")


def test_an_unanswered_caller_is_answered_when_the_other_answers(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    ben = phone.person(BEN)
    ana = phone.dials()
    ben.is_called()
    ana.waits(5)
    assert story(ana) == [("NEW_INBOUND_CALL", None)]
    assert "answered" not in ana.ladder.render()
    ben.answers()
    assert story(ana) == [("NEW_INBOUND_CALL", None), ("ACTION_SUCCESSFUL", UP, UP)]


def test_the_other_leg_is_told_as_leg_b(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by)
    leg_a, leg_b = legs(ana.events[1])
    assert leg_a["ParticipantTag"] == "LEG-A"
    assert leg_b == {
        "CallId": leg_b["CallId"],
        "ParticipantTag": "LEG-B",
        "To": BEN,
        "From": OUR_NUMBER,
        "Direction": "Outbound",
        "StartTimeInMilliseconds": leg_b["StartTimeInMilliseconds"],
        "Status": UP,
    }
    assert leg_b["CallId"] != leg_a["CallId"]
    assert parameters(ana.events[1])["CallId"] == leg_a["CallId"]


def test_leg_b_starts_when_it_begins_to_ring(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="one two three four five six seven eight"), BRIDGE]))
    phone.at(BEN, Answers(after=7))
    ana = phone.dials()
    ana.hears("one")
    spoke = phone.now
    ana.waits(20)
    started = [int(str(leg["StartTimeInMilliseconds"])) for leg in legs(ana.events[1])]
    assert started[1] - started[0] == round(spoke * 1000)


def test_the_call_of_leg_b_is_not_told_as_an_outbound_call(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by)
    ben.hangs_up()
    ana.hangs_up()
    ana.ends()
    assert not {"NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED"} & set(types(ana.events))


@pytest.mark.parametrize("far_end", [busy(), Rejects(603), Rejects(404, after=3)], ids=repr)
def test_whoever_declines_leaves_the_caller_unanswered(
    answered_by: AnsweredBy, far_end: FarEnd
) -> None:
    phone = answered_by(scripted([BRIDGE], [Speak(text="They cannot talk now.")]))
    phone.at(BEN, far_end)
    ana = phone.dials()
    ana.hears("They cannot talk now.")
    assert story(ana)[1] == ("ACTION_FAILED", None)
    assert error(ana.events[1]) == NOT_ANSWERED


def test_whoever_does_not_answer_in_time_is_given_up(answered_by: AnsweredBy) -> None:
    bridge = CallAndBridge(caller_id_number=OUR_NUMBER, uri=BEN, call_timeout_seconds=12)
    phone = answered_by(scripted([HELLO, bridge], [Speak(text="Nobody is there.")]))
    ben = phone.person(BEN)
    ana = phone.dials()
    ana.hears("One moment")
    rang = phone.now
    ben.is_called()
    ana.waits(11.999)
    assert len(ana.events) == 1
    ana.waits(0.001)
    assert phone.now == pytest.approx(rang + 12)
    assert error(ana.events[1]) == NOT_ANSWERED
    assert story(ana)[1] == ("ACTION_FAILED", UP)
    with pytest.raises(StoryFailed, match="it does not ring"):
        ben.answers()


def test_it_rings_for_half_a_minute_by_default(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([HELLO, BRIDGE], [Hangup()]))
    phone.at(BEN, NeverAnswers())
    ana = phone.dials()
    ana.hears("One moment")
    ana.ends()
    assert ana.ladder.entries[-1].time == pytest.approx(30 + HELLO_SECONDS)


def test_a_caller_is_not_given_up_while_somebody_is_called_for_them(
    answered_by: AnsweredBy,
) -> None:
    patient = CallAndBridge(caller_id_number=OUR_NUMBER, uri=BEN, call_timeout_seconds=120)
    phone = answered_by(scripted([patient]))
    phone.at(BEN, Answers(after=110))
    ana = phone.dials()
    ana.waits(111)
    assert story(ana) == [("NEW_INBOUND_CALL", None), ("ACTION_SUCCESSFUL", UP, UP)]


def test_a_caller_for_whom_nothing_more_is_done_is_given_up(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Rejects(486, after=10))
    ana = phone.dials()
    ana.ends()
    assert story(ana) == [
        ("NEW_INBOUND_CALL", None),
        ("ACTION_FAILED", None),
        ("HANGUP", DOWN),
    ]
    assert parameters(ana.events[-1])["SipResponseCode"] == 480
    assert ana.ladder.entries[-1].time == 40


def test_answering_at_the_very_end_of_the_time_is_one_or_the_other(
    answered_by: AnsweredBy,
) -> None:
    for after in (11.999, 12.0, 12.001):
        bridge = CallAndBridge(caller_id_number=OUR_NUMBER, uri=BEN, call_timeout_seconds=12)
        phone = answered_by(scripted([bridge]))
        phone.at(BEN, Answers(after=after))
        ana = phone.dials()
        ana.waits(20)
        told = story(ana)[-1]
        assert told in {("ACTION_SUCCESSFUL", UP, UP), ("ACTION_FAILED", None)}
        assert ana.is_connected == (told[0] == "ACTION_SUCCESSFUL")


def test_a_voicemail_counts_as_an_answer(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Voicemail("Ben here. Leave a message.", after=8, listens=20))
    ana = phone.dials()
    ana.hears("Leave a message")
    ana.hears("beep")
    ana.says("Please call me back.")
    ana.waits(30)
    assert story(ana)[1:] == [("ACTION_SUCCESSFUL", UP, UP), ("HANGUP", UP, DOWN)]


def test_whoever_answers_and_is_gone_at_once_is_told_in_order(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Answers(after=2, hangs_up_after=0))
    ana = phone.dials()
    ana.waits(5)
    assert types(ana.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"]
    assert parameters(ana.events[2])["ParticipantTag"] == "LEG-B"


def test_a_caller_who_gives_up_while_it_rings_is_told_as_hangup_alone(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(scripted([HELLO, BRIDGE, Speak(text="Nobody hears this.")]))
    ben = phone.person(BEN)
    ana = phone.dials()
    ana.hears("One moment")
    ben.is_called()
    ana.waits(3)
    ana.hangs_up()
    ana.ends()
    assert story(ana)[1:] == [("HANGUP", DOWN)]
    with pytest.raises(StoryFailed, match="it does not ring"):
        ben.answers()


def test_bridging_is_told_from_the_middle_of_a_list_which_then_goes_on(
    answered_by: AnsweredBy,
) -> None:
    ask = Speak(text="May we record this call?")
    phone = answered_by(scripted([BRIDGE, ask], []))
    phone.at(BEN, Answers())
    ana = phone.dials()
    ana.hears("May we record this call?")
    assert [action_data(event)["Type"] for event in ana.events[1:]] == ["CallAndBridge", "Speak"]


def test_the_reply_to_a_bridged_call_replaces_what_is_left(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE, Speak(text="Old.")], [Speak(text="New.")]))
    phone.at(BEN, Answers())
    ana = phone.dials()
    ana.hears("New.")
    ana.waits(10)
    assert ana.heard == 1


def test_a_failed_call_drops_the_rest_of_the_list(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([HELLO, BRIDGE, Speak(text="Never.")]))
    phone.at(BEN, busy())
    ana = phone.dials()
    ana.hears("One moment")
    ana.waits(20)
    assert ana.heard == 1
    assert ana.is_connected


def test_whom_we_called_can_be_bridged_with_somebody_else(answered_by: AnsweredBy) -> None:
    phone = answered_by(on("CALL_ANSWERED", [BRIDGE]))
    ben = phone.person(BEN)
    ana = phone.rings(ANA)
    ana.answers()
    ben.answers()
    assert story(ana)[-1] == ("ACTION_SUCCESSFUL", UP, UP)
    assert "SipRuleId" not in details(ana.events[-1])


def test_the_number_shown_may_be_the_caller_s_own(answered_by: AnsweredBy) -> None:
    bridge = CallAndBridge(caller_id_number="+15550177777", uri=BEN)
    phone = answered_by(scripted([bridge]))
    phone.at(BEN, Answers())
    ana = phone.dials(from_="+15550177777")
    ana.waits(5)
    assert legs(ana.events[1])[1]["From"] == "+15550177777"


def test_somebody_behind_a_voice_connector_is_called_by_their_user_part(
    answered_by: AnsweredBy,
) -> None:
    connector = "arn:aws:chime:us-east-1:123456789012:vc/ab1cdefghij2klmno3pqr4"
    bridge = CallAndBridge(
        caller_id_number=OUR_NUMBER,
        bridge_endpoint_type="AWS",
        arn=connector,
        uri="5550",
        sip_headers={"X-Account-Id": "42", "User-to-User": "616263;encoding=hex"},
    )
    phone = answered_by(scripted([bridge]))
    desk = phone.person("5550")
    ana = phone.dials()
    desk.answers()
    assert legs(ana.events[1])[1]["To"] == "5550"
    assert "SipHeaders" not in legs(ana.events[1])[1]
    assert parameters(ana.events[1])["SipHeaders"] == {
        "X-Account-Id": "42",
        "User-to-User": "616263;encoding=hex",
    }


def test_somebody_may_decline_as_soon_as_it_rings(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="One moment."), BRIDGE]))
    ben = phone.person(BEN)
    ana = phone.dials()
    ben.declines()
    assert error(ana.events[1]) == ("CallNotAnswered", "Call not answered")
