"""Two people who are bridged hear each other; what we play, and keys, concern one leg alone.

About `offhook.emulator.call.media`.
"""

import pytest

from offhook.actions import (
    CallAndBridge,
    Hangup,
    ReceiveDigits,
    SendDigits,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.testing import Answers, Ivr
from tests.emulator.call.stories import (
    BEN,
    BRIDGE,
    OUR_NUMBER,
    Event,
    PicksUp,
    aimed,
    bridged,
    call_id,
    scripted,
)
from tests.emulator.functions import AnsweredBy, action_data, types

HOLD = Speak(text="Please hold the line for a little while longer, thank you.")


def test_each_hears_what_the_other_says(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by)
    ana.says("Hello, Ben.")
    ben.hears("Hello, Ben.")
    ben.says("Hello, Ana.")
    ana.hears("Hello, Ana.")
    assert (ana.heard, ben.heard) == (1, 1)


def test_who_is_called_speaks_first_and_is_heard(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Answers(says=["Ben here.", "Who is it?"]))
    ana = phone.dials()
    ana.hears("Ben here.")
    ana.hears("Who is it?")


def test_what_is_said_on_answering_is_heard_once_by_who_waits_on_the_line(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(scripted([Speak(text="One moment."), BRIDGE]))
    phone.at(BEN, Answers(says=["Ben here."]))
    ana = phone.dials()
    ana.waits(10)
    assert ana.heard == 2


def test_a_sentence_that_is_being_said_is_heard_from_the_answer_on(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(scripted([Speak(text="One moment."), BRIDGE]))
    ben = PicksUp(phone, after=2)
    phone.at(BEN, ben)
    ana = phone.dials()
    ana.hears("One moment.")
    ana.says("one two three four five six seven eight nine ten eleven")  # 4 seconds, from 2 on
    ben.hears("one two three")
    assert ben.heard == 1


def test_what_was_said_before_the_answer_is_not_heard(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="One moment."), BRIDGE]))
    ben = phone.person(BEN)
    ana = phone.dials()
    ana.hears("One moment.")
    ana.says("Why does nobody pick up?")
    ben.answers()
    ben.waits(1)
    assert ben.heard == 0


@pytest.mark.parametrize(("tag", "heard"), [("LEG-A", (1, 0)), ("LEG-B", (0, 1))])
def test_what_we_say_to_one_leg_is_heard_on_that_leg_only(
    answered_by: AnsweredBy, tag: str, heard: tuple[int, int]
) -> None:
    ana, ben, _ = bridged(answered_by, aimed(tag, lambda leg: Speak(text="Psst.", call_id=leg)))
    ana.waits(2)
    assert (ana.heard, ben.heard) == heard


def test_people_are_heard_while_we_speak(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, [HOLD])
    ben.says("Are you still there?")
    ana.hears("Please hold")
    ana.hears("Are you still there?")


def test_a_sentence_ends_where_the_speaker_hangs_up(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([BRIDGE]))
    phone.at(BEN, Answers(says=[HOLD.text], hangs_up_after=1))
    ana = phone.dials()
    ana.hears("Please hold")
    assert phone.now == pytest.approx(3)


def test_a_key_reaches_what_listens_on_its_own_leg(answered_by: AnsweredBy) -> None:
    ask = SpeakAndGetDigits(
        text="Record?",
        failure_text="Sorry?",
        max_number_of_digits=1,
        repeat_duration_in_milliseconds=3_000,
        call_id="...",
    )
    ana, ben, _ = bridged(
        answered_by, aimed("LEG-B", lambda leg: ask.model_copy(update={"call_id": leg}))
    )
    ben.hears("Record?")
    ana.presses("1")
    ben.presses("2")
    ana.waits(1)
    assert action_data(ana.events[2])["ReceivedDigits"] == "2"


def listens_on_both(event: Event) -> list[object]:
    """One listener on each leg."""
    return [
        ReceiveDigits(
            call_id=call_id(event, tag),
            input_digits_regex=regex,
            in_between_digits_duration_in_milliseconds=300,
            flush_digits_duration_in_milliseconds=2_000,
        )
        for tag, regex in (("LEG-A", "^1$"), ("LEG-B", "^2$"))
    ]


def test_each_leg_has_a_listener_of_its_own(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, listens_on_both)
    for person in (ana, ben):
        person.presses("1")
        ana.waits(3)
        person.presses("2")
        ana.waits(3)
    told = [event for event in ana.events if event["InvocationEventType"] == "DIGITS_RECEIVED"]
    assert [action_data(event)["ReceivedDigits"] for event in told] == ["1", "2"]


def test_an_extension_is_dialled_through_a_menu_at_the_other_end(answered_by: AnsweredBy) -> None:
    def dial(event: Event) -> list[object]:
        return [SendDigits(call_id=call_id(event, "LEG-B"), digits=",,42#")]

    phone = answered_by(scripted([BRIDGE], dial))
    phone.at(BEN, Ivr("Dial the extension.", answers={"42#": "Ringing 42.", "0": "Reception."}))
    ana = phone.dials()
    ana.hears("Dial the extension.")
    ana.hears("Ringing 42.")


def test_a_menu_at_the_other_end_forgets_what_leads_nowhere(answered_by: AnsweredBy) -> None:
    def dial(event: Event) -> list[object]:
        return [SendDigits(call_id=call_id(event, "LEG-B"), digits="9,9,12,0")]

    phone = answered_by(scripted([BRIDGE], dial))
    phone.at(BEN, Ivr("Hello.", answers={"12": "Twelve.", "0": "Reception."}))
    ana = phone.dials()
    for words in ("Hello.", "Twelve.", "Reception."):
        ana.hears(words)


def test_the_same_person_can_be_called_again(answered_by: AnsweredBy) -> None:
    again = CallAndBridge(caller_id_number=OUR_NUMBER, uri=BEN)
    ana, ben, _ = bridged(answered_by, [Hangup(participant_tag="LEG-B")], [again])
    ben.answers()
    ana.says("Sorry, I cut you off.")
    ben.hears("cut you off")
    assert types(ana.events).count("ACTION_SUCCESSFUL") == 3
