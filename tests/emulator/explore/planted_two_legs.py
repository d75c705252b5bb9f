"""Small handlers with a fault that shows when one side does something while the other one is
spoken to; and the same without it."""

from offhook.actions import Action, CallAndBridge, JoinChimeMeeting, Pause, Speak
from tests.emulator.explore.planted import LISTENS, nobody_thought_of_this
from tests.emulator.explore.planted_small import attributes
from tests.emulator.explore.planting import (
    BYE,
    HELLO,
    RINGS_THE_DESK,
    Event,
    Handler,
    Planted,
    answers,
    asks,
    legs,
    let_go,
    told,
)
from tests.emulator.functions import reply

BOTH = (CallAndBridge.type_name(), JoinChimeMeeting.type_name())
TO_A = Speak(text="This call is recorded, as you know.", participant_tag="LEG-A")
TO_B = Speak(text="Here is a call for you.", participant_tag="LEG-B")


def tells(*first: Action[object], says: Speak, is_wrong: bool) -> Handler:
    """One side hears something before both talk. Who is left when the other one leaves meanwhile is
    forgotten, or not."""

    def goes_on(event: Event) -> object:
        listens = told(event)[1]["Type"] in BOTH
        state = {"they": "listen" if listens else "talk"}
        return reply(*[says] * listens, TransactionAttributes=state)

    def went(event: Event) -> object:
        left = [leg["ParticipantTag"] for leg in legs(event) if leg.get("Status") == "Connected"]
        listens = attributes(event).get("they") == "listen"
        forgets = is_wrong and listens and left == [says.participant_tag]
        return [] if forgets else let_go(event)

    return answers(NEW_INBOUND_CALL=[*first], ACTION_SUCCESSFUL=goes_on, HANGUP=went)


callee_leaves_while_the_caller_is_told = Planted(
    "leg-left-connected",
    "answers, hangs up on LEG-B",
    tells(RINGS_THE_DESK, says=TO_A, is_wrong=True),
    tells(RINGS_THE_DESK, says=TO_A, is_wrong=False),
)
caller_leaves_while_the_callee_is_told = Planted(
    "leg-left-connected",
    "answers, hangs up on LEG-A",
    tells(RINGS_THE_DESK, says=TO_B, is_wrong=True),
    tells(RINGS_THE_DESK, says=TO_B, is_wrong=False),
    replies=2,
)
JOINS = JoinChimeMeeting(join_token="token", meeting_id="meeting")
meeting_ends_while_the_caller_is_told = Planted(
    "leg-left-connected",
    "waits, meeting ends",
    tells(JOINS, says=TO_A, is_wrong=True),
    tells(JOINS, says=TO_A, is_wrong=False),
)
PRESS_1 = asks("^1$", most=1)
LATER = [Pause(duration_in_milliseconds=9_000), *HELLO]
key_that_no_machine_presses = Planted(
    "function-failed",
    "answers, presses 1",
    answers(CALL_ANSWERED=[PRESS_1], ACTION_SUCCESSFUL=nobody_thought_of_this, ACTION_FAILED=LATER),
    answers(CALL_ANSWERED=[PRESS_1], ACTION_SUCCESSFUL=BYE, ACTION_FAILED=LATER),
    outbound=True,
)
OF_B = LISTENS.model_copy(update={"participant_tag": "LEG-B"})
callee_presses_while_the_caller_is_told = Planted(
    "function-failed",
    "answers, presses 1 on LEG-B",
    answers(
        NEW_INBOUND_CALL=[RINGS_THE_DESK, OF_B, TO_A, *BYE],
        DIGITS_RECEIVED=nobody_thought_of_this,
    ),
    answers(NEW_INBOUND_CALL=[RINGS_THE_DESK, OF_B, TO_A, *BYE], DIGITS_RECEIVED=[]),
)
