"""What docs/deploying.md shows of slow flows, and of flows that are asked twice, runs."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.handler.payloads import payload

PAGE = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## When a flow is slow, or asked twice")[2].partition("\n## ")[0]
SHOWN = re.findall(r"^```python\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)

BEFORE = """
from offhook.actions import Hangup, Speak, SpeakAndGetDigits
from offhook.handler import ActionSuccessful, Reply, Router, once
from offhook.handler.errors import OutOfPatience
BOOK = SpeakAndGetDigits
"""


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFFHOOK_DELIVERIES", raising=False)
    names: dict[str, object] = {"bookings": SimpleNamespace(make=len)}
    limit, effect = SHOWN
    exec(f"{BEFORE}{limit}router = lambda_handler\n{effect}", names)
    answer = names["lambda_handler"]
    assert callable(answer)
    reply = answer(payload("action_successful/speak_and_get_digits"))
    assert "Your booking is number" in str(reply)
