"""A function answers its own failure, and its log says what raised.

About `offhook.emulator.findings.logged`.
"""

import json

import pytest

from offhook.emulator.findings.logged import answered

RAISED = """Traceback (most recent call last):
  File "/line/menu.py", line 7, in chosen
    return CHOICES[digits]
           ~~~~~~~^^^^^^^^
KeyError: '7'
"""
MASKED = RAISED.partition("\n")[2]
OF_PYTHON = "KeyError: '7'\n  at /line/menu.py:7 in chosen"
OF_NODE = """TypeError: choices[digits] is not a function
    at chosen (/line/menu.js:7:12)
    at exports.handler (/line/index.js:3:9)
"""


@pytest.mark.parametrize(
    ("log", "raised"),
    [
        (f"[ERROR]\t2026-11-28T09:30:00.000Z\tid\tno such choice\n{RAISED}", OF_PYTHON),
        (f"a handler failed:\n{MASKED}", OF_PYTHON),
        (json.dumps({"level": "ERROR", "message": f"a handler failed:\n{MASKED}"}), OF_PYTHON),
        (json.dumps({"level": "ERROR", "message": "no", "exception": RAISED}), OF_PYTHON),
        (
            f"2026-11-28T09:30:00.000Z\tid\tERROR\t{OF_NODE}",
            "TypeError: choices[digits] is not a function\n    at chosen (/line/menu.js:7:12)",
        ),
        (f"[ERROR] first\n{RAISED}[ERROR] then\n{RAISED.replace('7', '8')}", OF_PYTHON),
        (f"[ERROR]\t09:30:00Z\tid\tno\n{RAISED.rstrip()}[INFO]\t09:30:01Z\tid\tend", OF_PYTHON),
    ],
    ids=["Python", "a router", "a router in Lambda", "Powertools", "Node", "two", "Lambda"],
)
def test_what_raised_is_read_from_the_log(log: str, raised: str) -> None:
    assert answered(log) == raised


@pytest.mark.parametrize(
    "log",
    [
        "",
        "[ERROR] nobody is bridged with anybody",
        f"[WARNING]\t2026-11-28T09:30:00.000Z\tid\ttried again\n{RAISED}",
        json.dumps({"level": "WARNING", "message": "tried again", "exception": RAISED}),
        '{"level": "ERROR", "message": ',
        "[1, 2]",
    ],
)
def test_what_is_less_than_an_error_or_raised_nothing_is_none(log: str) -> None:
    assert answered(log) == ""
