"""Whoever reads a text in the service's log finds it in docs/troubleshooting.md."""

import json
import re
from pathlib import Path

import pytest

from offhook.actions.complaints import MAX_ATTRIBUTES
from offhook.emulator.call.complaints import check
from offhook.emulator.function.invoker import LOGS
from offhook.production.doctor.account import policy
from offhook.production.doctor.findings import SYMPTOMS
from offhook.production.log_texts import SAID

PAGE = (Path(__file__).parents[2] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## The service's log texts")[2]
WHERE = "give it a row in docs/troubleshooting.md, The service's log texts"
TEXTS = [row.split("|")[1].strip() for row in TABLE.splitlines() if row.startswith("|")]


def is_listed(text: str) -> bool:
    """Whether a row of the table has it; `*name*` stands for anything."""
    return any(
        re.fullmatch(re.sub(r"\\\*\w+\\\*", ".+", re.escape(listed)), text) for listed in TEXTS
    )


HANGUP: dict[str, object] = {"Type": "Hangup", "Parameters": {}}

REPLIES: list[object] = [
    None,
    "",
    {"statusCode": 200, "body": "{}"},
    '{"SchemaVersion": "1.0"}',
    {"SchemaVersion": "1.0", "Actions": []},
    {"SchemaVersion": "1.0", "Actions": [HANGUP] * 11},
    {"SchemaVersion": "1.0", "Actions": [{**HANGUP, "Type": "Answer"}]},
    {"SchemaVersion": "1.0", "Actions": "Hangup"},
    {
        "SchemaVersion": "1.0",
        "Actions": [HANGUP],
        "TransactionAttributes": {str(number): "" for number in range(MAX_ATTRIBUTES + 1)},
    },
]


@pytest.mark.parametrize("reply", REPLIES)
def test_what_is_wrong_with_a_reply_is_explained(reply: object) -> None:
    fault = check(reply, "NEW_INBOUND_CALL")
    assert fault is not None
    assert is_listed(fault.log), f"{WHERE}: {fault.log}"


@pytest.mark.parametrize("text", [text for text in LOGS.values() if text.endswith(".")])
def test_what_is_wrong_with_an_invocation_is_explained(text: str) -> None:
    assert is_listed(text), f"{WHERE}: {text}"


def test_the_policy_to_paste_is_what_the_doctor_needs() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert json.loads(shown) == policy(), "paste what `offhook doctor --policy` prints"


def test_the_symptoms_that_the_doctor_knows_are_named() -> None:
    assert [name for name in SYMPTOMS if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("text", SAID)
def test_what_the_doctor_looks_for_in_the_log_is_explained(text: str) -> None:
    assert any(listed.startswith(text) for listed in TEXTS)


def test_what_nobody_says_is_not_listed() -> None:
    assert not is_listed("The line is engaged.")
