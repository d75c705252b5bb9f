"""Replies that cannot be used, and functions that fail (reference C.4, C.5, H.2-22 and 23).

About `offhook.emulator.call.told`.
"""

import asyncio
import json

import pytest

from offhook.actions import Hangup, Pause, Speak
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import (
    AnsweredBy,
    always,
    details,
    in_turn,
    parameters,
    reply,
    statuses,
    types,
)

HELLO = [Speak(text="Hello.")]
NO_VERSION = (
    "The schema version in the invocation request does not match the schema version in the "
    "response."
)
UNREADABLE = "Error while reading actions list."
TOO_MANY = "Transaction Attributes has too many mappings. Maximum number of mappings is 100"
ATTRIBUTES = "TransactionAttributesInvalidMapSize"

BAD: dict[str, tuple[object, str, str]] = {
    "no version": ({"Actions": []}, "SchemaVersionMismatch", NO_VERSION),
    "another version": (
        {"SchemaVersion": "2.0", "Actions": []},
        "SchemaVersionMismatch",
        NO_VERSION,
    ),
    "a version that is a number": ({"SchemaVersion": 1.0}, "SchemaVersionMismatch", NO_VERSION),
    "as for API Gateway": (
        {"statusCode": 200, "body": json.dumps(reply())},
        "SchemaVersionMismatch",
        NO_VERSION,
    ),
    "JSON in a string": (json.dumps(reply()), "SchemaVersionMismatch", NO_VERSION),
    "a list": ((reply(),), "SchemaVersionMismatch", NO_VERSION),
    "a number": (7, "SchemaVersionMismatch", NO_VERSION),
    "true": (True, "SchemaVersionMismatch", NO_VERSION),
    "eleven actions": (
        reply(*[Hangup()] * 11),
        "InvalidLambdaResponse",
        "Too many actions specified in a response.",
    ),
    "an action that is none": (
        reply({"Type": "Dance", "Parameters": {}}),
        "InvalidLambdaResponse",
        "Unsupported action Dance specified",
    ),
    "the legacy Answer": (
        reply({"Type": "Answer", "Parameters": {}}),
        "InvalidLambdaResponse",
        "Unsupported action Answer specified",
    ),
    "an action in lower case": (
        reply({"Type": "speak", "Parameters": {"Text": "Hello."}}),
        "InvalidLambdaResponse",
        "Unsupported action speak specified",
    ),
    "an action without a type": (
        reply({"Parameters": {}}),
        "InvalidLambdaResponse",
        UNREADABLE,
    ),
    "an action that is a string": (reply(Actions=["Hangup"]), "InvalidLambdaResponse", UNREADABLE),
    "actions that are no list": (
        reply(Actions={"Type": "Hangup"}),
        "InvalidLambdaResponse",
        UNREADABLE,
    ),
    "parameters that are no object": (
        reply({"Type": "Hangup", "Parameters": []}),
        "InvalidLambdaResponse",
        UNREADABLE,
    ),
    "101 attributes": (
        reply(*HELLO, TransactionAttributes={str(n): "x" for n in range(101)}),
        ATTRIBUTES,
        TOO_MANY,
    ),
    "attributes above 20 KB": (
        reply(*HELLO, TransactionAttributes={"story": "x" * 20 * 1024}),
        ATTRIBUTES,
        "Transaction Attributes is too large. Maximum size is 20480 bytes",
    ),
    "attributes that are no object": (
        reply(*HELLO, TransactionAttributes=["a"]),
        ATTRIBUTES,
        "Transaction Attributes is not an object",
    ),
}
BLANK: dict[str, object] = {"null": None, "an empty string": "", "an empty object": {}}


def is_dropped(call: PhoneCall, log: str) -> bool:
    """Whether the service itself has ended the call, with this line in its log."""
    line = next(entry.text for entry in call.ladder.entries if entry.kind == "service")
    return call.is_over and line.startswith(f"480, the call is dropped: {log} — ")


@pytest.mark.parametrize(("bad", "error_type", "message"), BAD.values(), ids=BAD)
def test_a_reply_that_cannot_be_used_is_told_once(
    answered_by: AnsweredBy, bad: object, error_type: str, message: str
) -> None:
    call = answered_by(in_turn(HELLO, bad, [Speak(text="Sorry."), Hangup()])).dials()
    call.hears("Hello.")
    call.hears("Sorry.")
    call.ends()
    told = call.events[2]
    assert types(call.events)[1:] == ["ACTION_SUCCESSFUL", "INVALID_LAMBDA_RESPONSE", "HANGUP"]
    assert (told["ErrorType"], told["ErrorMessage"]) == (error_type, message)
    assert "ActionData" not in told
    assert list(statuses(call.events))[2] == "Connected"


@pytest.mark.parametrize(("bad", "message"), [(b, m) for b, _, m in BAD.values()], ids=BAD)
def test_a_second_one_in_a_row_drops_the_call(
    answered_by: AnsweredBy, bad: object, message: str
) -> None:
    call = answered_by(in_turn(HELLO, bad, bad)).dials()
    call.hears("Hello.")
    call.ends()
    assert types(call.events)[-1] == "INVALID_LAMBDA_RESPONSE"
    assert is_dropped(call, message)


def test_a_second_one_later_is_told_again(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn(HELLO, 7, HELLO, 7, HELLO)).dials()
    for _ in range(3):
        call.hears("Hello.")
    assert types(call.events).count("INVALID_LAMBDA_RESPONSE") == 2
    assert call.is_connected


def test_after_a_bad_reply_the_list_goes_on(answered_by: AnsweredBy) -> None:
    menu = {
        "Type": "SpeakAndGetDigits",
        "Parameters": {
            "SpeechParameters": {"Text": "Press 1."},
            "FailureSpeechParameters": {"Text": "No."},
            "MaxNumberOfDigits": 1,
            "RepeatDurationInMilliseconds": 1000,
        },
    }
    call = answered_by(in_turn([menu, Speak(text="Thank you.")], 7, [])).dials()
    call.interrupts("1")
    call.hears("Thank you.")


@pytest.mark.parametrize(
    ("bad", "message"),
    [(bad, message) for bad, kind, message in BAD.values() if kind != ATTRIBUTES],
    ids=[name for name, (_, kind, _) in BAD.items() if kind != ATTRIBUTES],
)
def test_the_first_reply_of_an_inbound_call_has_no_second_chance(
    answered_by: AnsweredBy, bad: object, message: str
) -> None:
    call = answered_by(in_turn(bad)).dials()
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL"]
    assert is_dropped(call, message)


@pytest.mark.parametrize("nothing", [reply(), reply(Actions=None), {"SchemaVersion": "1.0"}])
def test_an_inbound_call_needs_actions(answered_by: AnsweredBy, nothing: object) -> None:
    call = answered_by(in_turn(nothing)).dials()
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL"]
    assert is_dropped(call, "Actions list is empty.")


@pytest.mark.parametrize("nothing", BLANK.values(), ids=BLANK)
@pytest.mark.parametrize("earlier", [0, 1])
def test_a_blank_reply_drops_the_call(
    answered_by: AnsweredBy, nothing: object, earlier: int
) -> None:
    call = answered_by(in_turn(*[HELLO] * earlier, nothing)).dials()
    if earlier:
        call.hears("Hello.")
    call.ends()
    assert "INVALID_LAMBDA_RESPONSE" not in types(call.events)
    assert is_dropped(call, "Response is blank or empty")


@pytest.mark.parametrize("nothing", BLANK.values(), ids=BLANK)
def test_a_blank_reply_to_the_complaint_drops_the_call(
    answered_by: AnsweredBy, nothing: object
) -> None:
    call = answered_by(in_turn(HELLO, 7, nothing)).dials()
    call.hears("Hello.")
    call.ends()
    assert is_dropped(call, "Response is blank or empty")


def test_bad_attributes_are_told_even_of_the_first_reply_and_its_actions_do_not_run(
    answered_by: AnsweredBy,
) -> None:
    bad = reply(*HELLO, TransactionAttributes={str(n): "x" for n in range(101)})
    good = reply(Speak(text="Again."), TransactionAttributes={"few": "x"})
    call = answered_by(in_turn(bad, good)).dials()
    call.hears("Again.")
    assert types(call.events) == [
        "NEW_INBOUND_CALL",
        "INVALID_LAMBDA_RESPONSE",
        "ACTION_SUCCESSFUL",
    ]
    assert list(statuses(call.events)) == [None, None, "Connected"]
    assert "TransactionAttributes" not in details(call.events[1])
    assert details(call.events[2])["TransactionAttributes"] == {"few": "x"}


def test_bad_attributes_leave_what_is_stored(answered_by: AnsweredBy) -> None:
    stored = reply(*HELLO, TransactionAttributes={"tries": "1"})
    bad = reply(*HELLO, TransactionAttributes=[])
    call = answered_by(in_turn(stored, bad)).dials()
    call.hears("Hello.")
    assert details(call.events[2])["TransactionAttributes"] == {"tries": "1"}
    assert call.attributes == {"tries": "1"}


def test_a_complaint_that_is_answered_with_nothing_leaves_an_inbound_call_ringing(
    answered_by: AnsweredBy,
) -> None:
    call = answered_by(in_turn(reply(*HELLO, TransactionAttributes=[]))).dials()
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "INVALID_LAMBDA_RESPONSE", "HANGUP"]
    assert parameters(call.events[-1])["SipResponseCode"] == 480
    assert call.ladder.entries[-1].time == 30


def test_other_keys_of_a_reply_mean_nothing(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn(reply(*HELLO, Colour="red", transactionAttributes={"a": 1}))).dials()
    call.hears("Hello.")
    assert call.attributes == {}


class OutOfReach(Exception):
    """Raised by a function of the application."""


@pytest.mark.parametrize("earlier", [0, 1])
@pytest.mark.parametrize(
    "failure", [OutOfReach("the database"), TimeoutError(), KeyError("x")], ids=repr
)
def test_a_function_that_raises_drops_the_call_and_says_where(
    answered_by: AnsweredBy, earlier: int, failure: Exception
) -> None:
    call = answered_by(in_turn(*[HELLO] * earlier, failure)).dials()
    if earlier:
        call.hears("Hello.")
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"][: earlier + 1]
    assert is_dropped(call, "the function failed")
    assert f"failed: {type(failure).__name__}" in call.ladder.render()
    assert "functions.py:" in call.ladder.render()
    assert call.replies[-1] is None


@pytest.mark.parametrize("failure", [SystemExit(3), asyncio.CancelledError()], ids=repr)
def test_a_function_that_leaves_the_interpreter_drops_only_its_call(
    answered_by: AnsweredBy, failure: BaseException
) -> None:
    def function(_event: object, _context: object) -> object:
        raise failure

    call = answered_by(function).dials()
    call.ends()
    assert is_dropped(call, "the function failed")


def test_a_complaint_that_makes_the_function_raise_drops_the_call(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn(HELLO, 7, OutOfReach("again"))).dials()
    call.hears("Hello.")
    call.ends()
    assert is_dropped(call, "the function failed")


@pytest.mark.parametrize(
    "reply_of_python", [{1, 2}, object(), reply(TransactionAttributes={"a": {1}})]
)
def test_a_reply_that_is_not_json_drops_the_call(
    answered_by: AnsweredBy, reply_of_python: object
) -> None:
    call = answered_by(in_turn(HELLO, reply_of_python)).dials()
    call.hears("Hello.")
    call.ends()
    assert is_dropped(call, "the function failed")
    assert "the reply is not JSON" in call.ladder.render()


@pytest.mark.parametrize(("extra", "is_taken"), [("é" * 3_000_000, True), ("é" * 3_200_000, False)])
def test_a_reply_of_more_than_six_megabytes_drops_the_call(
    answered_by: AnsweredBy, extra: str, is_taken: bool
) -> None:
    call = answered_by(in_turn(HELLO, reply(Speak(text="Well."), Extra=extra))).dials()
    call.hears("Hello.")
    call.waits(1)
    assert (call.heard == 2) is is_taken
    assert ("exceeded maximum allowed payload size" in call.ladder.render()) is not is_taken


def test_a_reply_that_holds_itself_drops_the_call(answered_by: AnsweredBy) -> None:
    endless = reply()
    endless["TransactionAttributes"] = endless
    call = answered_by(in_turn(endless)).dials()
    call.ends()
    assert "the reply is not JSON" in call.ladder.render()


def test_tuples_are_lists_on_the_wire(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn(reply(Actions=(Speak(text="Hello.").to_wire(),)))).dials()
    call.hears("Hello.")


def test_a_call_invokes_its_function_a_thousand_times(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Pause(duration_in_milliseconds=100)), pause_answers=True).dials()
    call.ends()
    assert len(call.events) == 1000
    assert is_dropped(call, "1000 invocations of one call")


def test_a_caller_who_hangs_up_after_the_thousandth_is_not_dropped(
    answered_by: AnsweredBy,
) -> None:
    call = answered_by(in_turn(HELLO), max_invocations=2).dials()
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    assert len(call.events) == 2
    assert "the call is dropped" not in call.ladder.render()
    assert "nothing is told: 2 invocations of one call" in call.ladder.render()


def test_the_one_who_is_dropped_hears_no_more(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn(HELLO, None)).dials()
    call.hears("Hello.")
    call.ends()
    assert not call.is_connected
    assert call.heard == 1
