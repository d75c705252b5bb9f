"""What is written is nobody's, and still a call that the function would answer in the same way."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from offhook.production.logs.imported import ACallersNumber, Imported
from offhook.production.logs.recorded import RecordedCall
from tests.production.logs.dressed import compact
from tests.production.logs.happened import calls, imported

CALLER = "+442079460188"  # of a drama, but not of this country
OURS = "+442079460123"


def event(
    number: int = 1,
    kind: str = "NEW_INBOUND_CALL",
    *,
    data: Mapping[str, object] | None = None,
    attributes: Mapping[str, object] | None = None,
    caller: str = CALLER,
    **leg: object,
) -> dict[str, Any]:
    """An invocation as a log has it."""
    its = {"CallId": f"{number:08x}-0000-4000-8000-00000000000a", "ParticipantTag": "LEG-A"}
    ends = {"From": caller, "To": OURS, "Direction": "Inbound"}
    started = {"StartTimeInMilliseconds": "1790000000123"}
    return {
        "SchemaVersion": "1.0",
        "Sequence": number,
        "InvocationEventType": kind,
        **({"ActionData": data} if data else {}),
        "CallDetails": {
            "TransactionId": f"{caller[-8:]}-9d35-4a60-8c11-6b0f5e2d7a90",
            **({"TransactionAttributes": attributes} if attributes else {}),
            "AwsAccountId": "987654321098",
            "AwsRegion": "us-east-1",
            "SipMediaApplicationId": "0d9a7c55-2f3e-4b8a-9a64-c1e0b7f24d38",
            "Participants": [{**its, **ends, **started, **leg}],
        },
    }


def says(text: str, **attributes: object) -> dict[str, Any]:
    """A reply."""
    speak = {"Type": "Speak", "Parameters": {"Text": text, "VoiceId": "Joanna"}}
    more = {"TransactionAttributes": attributes} if attributes else {}
    return {"SchemaVersion": "1.0", "Actions": [speak], **more}


def changed(*said: object, ours: Sequence[str] = ()) -> tuple[RecordedCall, Imported]:
    """What is written of a call of these events and replies."""
    made, done = imported(["\n".join(map(compact, said)).encode()], keep=False, ours=ours)
    return made[0], done


def text_of(call: RecordedCall, place: int = 0) -> str:
    reply: Any = call.exchanges[place].reply
    return str(reply["Actions"][0]["Parameters"]["Text"])


def digits(pressed: str, expression: str | None = None) -> dict[str, Any]:
    """What is told of keys."""
    asked = {"InputDigitsRegex": expression} if expression else {}
    return {"Type": "SpeakAndGetDigits", "Parameters": asked, "ReceivedDigits": pressed}


def test_numbers_are_of_nobody_and_each_has_one() -> None:
    call, done = changed(event(), says(f"You call from {CALLER}."), event(2, "HANGUP"))
    legs = [each.told.participants[0] for each in call.exchanges]
    assert {(leg.from_, leg.to) for leg in legs} == {("+15550100000", "+15550100001")}
    assert text_of(call) == f"You call from {legs[0].from_}."
    assert done.changed["numbers"] == 3


@pytest.mark.parametrize(
    "spoken",
    [
        "020 7946 0188",
        "(020) 7946-0188",
        "0 2 0, 7 9 4 6, 0 1 8 8",
        "020.7946.0188",
        "+44 20 7946-0188",
        "+44 (0)20 7946 0188",
        "0044-20-7946-0188",
    ],
)
def test_a_number_is_found_in_the_words_of_the_application_however_it_is_said(spoken: str) -> None:
    call, _ = changed(event(), says(f"We ring {spoken} back."))
    assert "0188" not in re.sub(r"\D", "", text_of(call))
    assert re.sub(r"\d", "#", text_of(call)) == re.sub(r"\d", "#", f"We ring {spoken} back.")
    its = call.exchanges[0].told.other_party
    assert re.sub(r"\D", "", text_of(call))[-7:] == its[-7:]


@pytest.mark.parametrize("keys", ["1", "42", "#", "*9"])
def test_one_or_two_keys_are_a_choice_and_stay(keys: str) -> None:
    call, _ = changed(event(2, "ACTION_SUCCESSFUL", data=digits(keys)))
    data: Any = call.exchanges[0].event["ActionData"]
    assert data["ReceivedDigits"] == keys


@pytest.mark.parametrize(
    ("keys", "expression"),
    [
        ("4711", None),
        ("4711#", r"^\d{4}#$"),
        ("190382", r"^[12]\d(0[1-9]|1[0-2])\d\d$"),
        ("808", "^[78]0[0-9]$"),
        ("19851210", r"^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"),
        ("442079460188", r"\d{12}"),
    ],
)
def test_longer_ones_become_others_that_the_expression_takes(
    keys: str, expression: str | None
) -> None:
    call, _ = changed(
        event(2, "ACTION_SUCCESSFUL", data=digits(keys, expression)),
        says(f"You said {' '.join(keys.rstrip('#'))}."),
        event(3, "ACTION_SUCCESSFUL", data=digits(keys, expression)),
    )
    one, other = [json.loads(json.dumps(each.event))["ActionData"] for each in call.exchanges]
    pressed = one["ReceivedDigits"]
    assert pressed != keys
    assert pressed == other["ReceivedDigits"]
    assert re.sub(r"\d", "1", pressed) == re.sub(r"\d", "1", keys)
    assert re.search(expression or "", pressed)
    assert text_of(call) == f"You said {' '.join(pressed.rstrip('#'))}."


def test_what_an_expression_alone_takes_is_a_choice() -> None:
    call, _ = changed(event(2, "ACTION_SUCCESSFUL", data=digits("911", "^(911)$")))
    data: Any = call.exchanges[0].event["ActionData"]
    assert data["ReceivedDigits"] == "911"


def test_values_are_changed_by_their_type_and_found_in_the_words() -> None:
    attributes = {
        "name": "Ada Lovelace",
        "pin": "4711",
        "mail": "ada@lovelace.net",
        "born": "1985-12-10",
        "number": CALLER,
        "is_known": True,
        "tries": 2,
        "account": 884_422,
        "more": json.dumps({"street": "Main Road"}),
        "offhook": "1;Speak;",
    }
    call, done = changed(
        event(attributes=attributes, SipHeaders={"X-Account": "77", "X-Agent": "Grace"}),
        says("Hello ADA, or Ms. Lovelace of Main Road; 4-7-1-1. Grace will ring.", **attributes),
    )
    its: Any = call.exchanges[0].event["CallDetails"]
    now = its["TransactionAttributes"]
    assert now["name"] == "name-1"
    assert re.fullmatch(r"\d{4}", now["pin"])
    assert now["mail"] == "somebody-1@example.com"
    assert now["born"] == "1985-01-01"
    assert now["number"] == call.exchanges[0].told.other_party
    assert (now["is_known"], now["tries"], now["offhook"]) == (True, 2, "1;Speak;")
    assert now["account"] != 884_422
    assert len(str(now["account"])) <= 6
    assert json.loads(now["more"]) == {"street": "street-1"}
    assert its["Participants"][0]["SipHeaders"] == {"X-Account": "77", "X-Agent": "X-Agent-1"}
    reply: Any = call.exchanges[0].reply
    assert reply["TransactionAttributes"] == now
    pin = "-".join(now["pin"])
    said = f"Hello name-1, or Ms. name-1 of street-1; {pin}. X-Agent-1 will ring."
    assert text_of(call) == said
    assert done.changed["attribute name"] == 2


def test_slots_of_a_bot_and_what_was_said_are_a_callers() -> None:
    value = {"OriginalValue": "in Rome", "InterpretedValue": "Rome", "ResolvedValues": ["Rome"]}
    intent = {
        "Name": "Book",
        "Slots": {"City": {"Value": value}, "Nights": None},
        "State": "Failed",
    }
    result = {"SessionId": "x", "SessionState": {"Intent": intent}, "InputTranscript": "to Rome"}
    call, _ = changed(
        event(2, "ACTION_SUCCESSFUL", data={"Type": "StartBotConversation", "IntentResult": result})
    )
    assert "Rome" not in call.line()
    now: Any = call.exchanges[0].event["ActionData"]
    its = now["IntentResult"]["SessionState"]["Intent"]
    assert (its["Name"], its["State"], its["Slots"]["Nights"]) == ("Book", "Failed", None)


def test_what_several_callers_have_is_a_word_of_the_application() -> None:
    said = [
        line
        for number, name in enumerate(("Ada", "Bo", "Cy", "Di"))
        for line in (
            event(caller=f"+44207946018{number}", attributes={"step": "menu", "name": name}),
            says("Hello."),
        )
    ]
    call, done = changed(*said)
    its: Any = call.exchanges[0].event["CallDetails"]
    assert its["TransactionAttributes"] == {"step": "menu", "name": "name-1"}
    assert done.kept == {"attribute step": ["menu"]}
    alone, _ = changed(*said[:2])
    its = alone.exchanges[0].event["CallDetails"]
    assert its["TransactionAttributes"]["step"] == "step-1"
    ours, _ = changed(*said[:2], ours=["step"])
    its = ours.exchanges[0].event["CallDetails"]
    assert its["TransactionAttributes"]["step"] == "menu"


def test_ids_are_short_and_an_account_is_nobodys() -> None:
    role = "arn:aws:lambda:us-east-1:987654321098:function:calls"
    call, _ = changed(event(), says(f"{role} of 00000001-0000-4000-8000-00000000000a"))
    assert call.transaction == f"{CALLER[-8:]}-9d35"
    assert call.exchanges[0].told.participants[0].call_id == "00000001-0000"
    assert call.exchanges[0].told.aws_account_id == "123456789012"
    assert text_of(call) == "arn:aws:lambda:us-east-1:123456789012:function:calls of 00000001-0000"


def test_an_application_s_own_words_stay() -> None:
    text = (
        "<speak>Press 1, 2, 3, 4, 5, 6, 7 or 8 until 2027-03-01 at 10:30:00; case 24 of 365, "
        "50% <break time='200ms'/></speak>"
    )
    call, _ = changed(event(), says(text))
    assert text_of(call) == text


@pytest.mark.parametrize(
    "hidden",
    ["4-4-20-----7946-----0-1-8-8", "4a4b2c0d7e9f4g6h0i1j8k8", "x442079460188x"],
)
def test_nothing_is_written_while_a_number_of_a_caller_is_left(hidden: str) -> None:
    with pytest.raises(ACallersNumber, match="left in the reply of <NEW_INBOUND"):
        changed(event(), says(f"Your number is {hidden}."))


def test_a_number_of_nobody_stays() -> None:
    call, _ = changed(event(caller="+15550100200"))
    assert call.exchanges[0].told.other_party == "+15550100200"


def test_the_calls_of_the_emulator_keep_their_numbers_and_their_ways() -> None:
    plain = [each for call in calls() for each in (call.model_copy(), call)]
    back, _ = imported(["\n".join(call.line() for call in plain).encode()], keep=False)
    assert [len(call.exchanges) for call in back] == [len(call.exchanges) for call in calls()]
    assert all(call.is_pseudonymised for call in back)
    assert "4711" not in "".join(call.line() for call in back)
    assert "O'Hara" not in "".join(call.line() for call in back)


def test_a_number_among_the_values_is_another_of_its_size_and_found_in_the_words() -> None:
    values = {"id": 884_422, "balance": -1250.75, "big": 1.6e30, "odd": float("nan"), "tries": 99}
    call, _ = changed(event(attributes=values), says("It is 884422, and 1250 is left of 99."))
    its: Any = call.exchanges[0].event["CallDetails"]
    now = its["TransactionAttributes"]
    assert (now["big"], now["odd"], now["tries"]) == (2e30, None, 99)
    assert -10_000 < now["balance"] < 0
    assert str(now["balance"]).endswith(".75")
    assert now["id"] != 884_422
    assert not re.search("884422|1250", text_of(call))
    assert text_of(call).endswith("is left of 99.")


def test_of_several_words_those_with_a_capital_are_looked_for() -> None:
    call, _ = changed(
        event(attributes={"wish": "call back Grace"}),
        says("We call back. Is it Grace? Call back Grace."),
    )
    assert text_of(call) == "We call back. Is it wish-1? wish-1."


@pytest.mark.parametrize(
    ("name", "becomes"), [("SMA", "SMA"), ("anonymous", "anonymous"), ("Ada", "caller-1")]
)
def test_who_calls_without_a_number(name: str, becomes: str) -> None:
    call, _ = changed(event(From=name))
    assert call.exchanges[0].told.participants[0].from_ == becomes
