"""A call that happened is looked at: its ladder, what is wrong, and where the caller was lost.

About `offhook.production.logs.chosen`, `offhook.production.logs.ending` and
`offhook.production.logs.turns`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from offhook.emulator.viewer.page import page
from offhook.production.logs.chosen import Choice, worst
from offhook.production.logs.drawn import drawn, entries, summary
from offhook.production.logs.ending import ending
from offhook.production.logs.recorded import Exchange, RecordedCall, Said
from offhook.production.logs.turns import findings
from tests.production.logs.happened import calls

BEGAN = datetime(2027, 3, 1, 14, 0, tzinfo=UTC)
SPEAK = {"Type": "Speak", "Parameters": {"Text": "Welcome."}}
HANGUP: dict[str, Any] = {"Type": "Hangup", "Parameters": {}}
LEFT = {"Type": "Hangup", "Parameters": {"SipResponseCode": 0, "ParticipantTag": "LEG-A"}}


def told(
    number: int,
    kind: str,
    *,
    at: float = 0,
    legs: Sequence[str] = ("Connected",),
    data: object = None,
    actions: Sequence[object] | None = (),
    **more: Any,
) -> Exchange:
    """An exchange, `at` seconds after the call began, with the status of each leg."""
    participants = [
        {
            "CallId": f"leg-{tag}",
            "ParticipantTag": f"LEG-{tag}",
            "From": "+15550100200",
            "To": "+15550100100",
            "Direction": "Inbound" if tag == "A" else "Outbound",
            **({"Status": status} if status else {}),
        }
        for tag, status in zip("AB", legs, strict=False)
    ]
    event = {
        "SchemaVersion": "1.0",
        "Sequence": number,
        "InvocationEventType": kind,
        **({"ActionData": data} if data else {}),
        "CallDetails": {"TransactionId": "t-1", "Participants": participants},
    }
    answer = {} if actions is None else {"reply": {"SchemaVersion": "1.0", "Actions": [*actions]}}
    given = {"answer": "replied" if answer else "unseen", **answer, **more}
    return Exchange.model_validate({"at": BEGAN + timedelta(seconds=at), "event": event, **given})


def call_of(*exchanges: Exchange, lacks: Sequence[str] = (), said: str = "") -> RecordedCall:
    return RecordedCall(
        transaction="t-1",
        is_pseudonymised=True,
        lacks=[*lacks],
        exchanges=[*exchanges],
        service=[Said(at=BEGAN, text=said)] if said else [],
    )


FIRST = told(1, "NEW_INBOUND_CALL", legs=("",), actions=[SPEAK])
GONE = told(2, "HANGUP", at=2.5, legs=("Disconnected",), data=LEFT)

ENDINGS: dict[str, tuple[RecordedCall, str]] = {
    "they": (call_of(FIRST, GONE), "they hung up: +15550100200 hung up during Speak"),
    "we": (call_of(told(1, "NEW_INBOUND_CALL", legs=("",), actions=[SPEAK, HANGUP]), GONE), "we"),
    "failed": (
        call_of(FIRST, told(2, "ACTION_SUCCESSFUL", answer="failed", actions=None, error="E: no")),
        "dropped: the function failed: E: no",
    ),
    "refused": (
        call_of(told(1, "NEW_INBOUND_CALL", legs=("",))),
        "dropped: the reply was refused: Actions list is empty.",
    ),
    "refused twice": (
        call_of(
            FIRST,
            told(2, "ACTION_SUCCESSFUL", actions=["Hangup"]),
            told(3, "INVALID_LAMBDA_RESPONSE", actions=["Hangup"]),
        ),
        "dropped: the reply was refused: Error while reading actions list.",
    ),
    "the service": (
        call_of(FIRST, said="AWS Lambda client operation timed out."),
        "dropped: the service says “AWS Lambda client operation timed out.”: no reply in 20 s",
    ),
    "the logs": (call_of(FIRST, lacks=["the end"]), "not known: here the logs end"),
    "nobody": (
        call_of(
            told(1, "NEW_OUTBOUND_CALL", legs=("",)),
            told(
                2,
                "HANGUP",
                legs=("Disconnected",),
                data={"Type": "Hangup", "Parameters": {"SipResponseCode": 486}},
            ),
        ),
        "not answered: ",
    ),
    "left alone": (
        call_of(
            FIRST,
            told(2, "HANGUP", legs=("Disconnected", "Connected"), data=LEFT, actions=[]),
        ),
        "stranded: +15550100200 hung up during Speak; LEG-B stayed",
    ),
}


@pytest.mark.parametrize(("call", "says"), ENDINGS.values(), ids=ENDINGS)
def test_a_call_says_how_it_ended(call: RecordedCall, says: str) -> None:
    end = ending(call)
    assert f"{end.how}: {end.why}".startswith(says)


def text_of(call: RecordedCall) -> list[str]:
    return [str(entry).strip() for entry in entries(call)]


def test_a_ladder_has_legs_waits_replies_and_the_place_where_the_caller_was_lost() -> None:
    digits = {"Type": "SpeakAndGetDigits", "ReceivedDigits": "1"}
    asks = {"Type": "SpeakAndGetDigits", "Parameters": {"SpeechParameters": {"Text": "Press 1."}}}
    bridge = {"Type": "CallAndBridge", "Parameters": {"Endpoints": [{"Uri": "+15550100400"}]}}
    call = call_of(
        told(1, "NEW_INBOUND_CALL", legs=("",), actions=[asks], seconds=0.25, deliveries=2),
        told(2, "ACTION_SUCCESSFUL", at=6.25, data=digits, actions=[bridge], seconds=4.0),
        told(
            3,
            "ACTION_SUCCESSFUL",
            at=12,
            data={"Type": "CallAndBridge"},
            legs=("Connected", "Connected"),
        ),
        told(4, "HANGUP", at=20, legs=("Disconnected", "Connected"), data=LEFT, actions=None),
        lacks=["the reply to 4", "the end"],
    )
    found = [text for text in text_of(call) if "refused-action" in text or "slow-reply" in text]
    assert len(found) == 4
    assert [text for text in text_of(call) if text not in found] == [
        "0.000  LEG-A  +15550100200 dials +15550100100",
        "0.000         NEW_INBOUND_CALL 1  →  SpeakAndGetDigits",
        "0.000         it was sent 2 times",
        "0.250  LEG-A  SpeakAndGetDigits “Press 1.”",
        "6.250         6.0 s pass during SpeakAndGetDigits",
        "6.250  LEG-A  is up",
        "6.250  LEG-A  presses 1",
        "6.250         ACTION_SUCCESSFUL 2 (SpeakAndGetDigits, 1)  →  CallAndBridge",
        "6.250         the function took 4.0 s",
        "10.250  LEG-A  CallAndBridge +15550100400",
        "12.000                              LEG-B  +15550100200 calls +15550100100",
        "12.000                              LEG-B  is up",
        "12.000         ACTION_SUCCESSFUL 3 (CallAndBridge)  →  no actions",
        "20.000         8.0 s pass",
        "20.000  LEG-A  has left",
        "20.000         HANGUP 4  →  (not in the logs)",
        "20.000         ▶ here the logs end",
    ]


def test_what_the_emulator_finds_in_a_reply_is_found_in_a_real_one() -> None:
    bad = {"Type": "Speak", "Parameters": {"Text": "x", "Engine": "steam"}}
    call = call_of(told(1, "NEW_INBOUND_CALL", legs=("",), actions=[bad]), GONE)
    (found,) = findings(call)
    assert found.rule == "refused-action"
    assert any("fault: refused-action: Engine is 'steam'" in text for text in text_of(call))


def test_of_a_reply_that_no_log_has_nothing_is_said() -> None:
    assert findings(call_of(told(1, "NEW_INBOUND_CALL", actions=None), GONE)) == []


def test_a_text_of_the_service_is_explained_in_the_ladder() -> None:
    (*_, last) = text_of(call_of(FIRST, said="Unsupported action"))
    assert last == "0.000         Unsupported action — a misspelt action"


def test_what_the_logs_lack_is_said() -> None:
    call = call_of(FIRST, told(4, "HANGUP", at=9, legs=("Disconnected",), data=LEFT))
    assert any("the logs lack what was told meanwhile" in text for text in text_of(call))
    lacking = call.model_copy(update={"lacks": ["Sequence 2", "Sequence 3"]})
    assert summary(lacking).endswith("(incomplete: Sequence 2, Sequence 3)")


def test_the_page_of_calls_has_their_ladders_and_each_finding_once() -> None:
    shown = drawn(calls(), "calls")
    assert shown["summary"] == ["4 calls: 2 we hung up, 1 dropped, 1 they hung up"]
    assert len(shown["ladders"]) == 4
    assert [(one["rule"], one["count"]) for one in shown["findings"]] == [
        ("function-failed", 1),
        ("slow-reply", 1),
    ]
    assert "KeyError" in page(shown)


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(), 4),
        (Choice(transactions=[calls()[1].transaction[:8]]), 1),
        (Choice(number="+15550100300"), 1),
        (Choice(number="+15550100400"), 1),
        (Choice(day="2027-03-01"), 4),
        (Choice(day="2027-03-02"), 0),
        (Choice(moment=datetime(2027, 3, 1, 10, 4, tzinfo=UTC)), 4),
        (Choice(moment=datetime(2027, 3, 1, 10, 6, tzinfo=UTC)), 2),
        (Choice(moment=datetime(2027, 3, 1, 9, 54, tzinfo=UTC)), 0),
    ],
)
def test_calls_are_chosen_by_what_one_knows_of_them(choice: Choice, count: int) -> None:
    assert len([*choice.of(calls())]) == count


def test_the_worst_come_first() -> None:
    row = [call for call, _ in ENDINGS.values()]
    assert [ending(call).how for call in worst(row, 6)] == [
        *["dropped"] * 4,
        "stranded",
        "not known",
    ]
