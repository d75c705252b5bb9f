"""A function of this process sees events as one elsewhere does: through JSON."""

import asyncio
import gc
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.in_process import InProcess, load
from offhook.emulator.function.mending import hint
from offhook.emulator.function.output import held_back

ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # halves of surrogate pairs as well
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=12
)


def what_arrives(event: Mapping[str, object]) -> object:
    """The event as the function was given it."""
    given_to_it: list[object] = []
    function = InProcess(lambda event, _context: given_to_it.append(event))
    asyncio.run(function.invoke(event))
    return given_to_it[0]


def nested(depth: int) -> object:
    """Lists in lists."""
    value: object = "the innermost"
    for _ in range(depth):
        value = [value]
    return value


@given(st.dictionaries(ANY_TEXT, ANY_JSON))
def test_any_json_arrives_as_it_was_sent(event: dict[str, object]) -> None:
    assert what_arrives(event) == event


@pytest.mark.parametrize("depth", [100, 210, 300, 900])
def test_what_is_nested_deeply_arrives_too(depth: int) -> None:
    value = nested(depth)
    arrived = cast("dict[str, object]", what_arrives({"CallDetails": value}))
    assert json.dumps(arrived["CallDetails"]) == json.dumps(value)


def test_what_the_function_changes_in_its_event_stays_with_it() -> None:
    event: dict[str, object] = {"CallDetails": {"Participants": [{"To": "+15550100100"}]}}
    as_it_was = json.dumps(event)

    def forgetful(event: object, _context: object) -> None:
        details = cast("dict[str, dict[str, list[object]]]", event)["CallDetails"]
        details["Participants"].clear()

    asyncio.run(InProcess(forgetful).invoke(event))
    assert json.dumps(event) == as_it_was


def test_decimals_and_bytes_in_a_reply_are_what_they_are_in_lambda() -> None:
    reply = {"n": Decimal(7), "half": Decimal("0.5"), b"key": b"text"}
    invoked = asyncio.run(InProcess(lambda _event, _context: reply).invoke({}))
    assert invoked.reply == {"n": 7, "half": 0.5, "key": "text"}
    endless: list[object] = [Decimal(1)]
    endless.append(endless)
    invoked = asyncio.run(InProcess(lambda _event, _context: endless).invoke({}))
    assert "Runtime.MarshalError: the reply is not JSON: Circular" in invoked.error


def test_a_reply_that_is_json_in_bytes_is_what_it_says() -> None:
    function = InProcess(lambda _event, _context: b'{"SchemaVersion": "1.0"}')
    assert asyncio.run(function.invoke({})).reply == {"SchemaVersion": "1.0"}


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="nor is there one in Lambda any more")
def test_in_real_time_too_there_is_an_event_loop_to_be_had() -> None:
    def handler(_event: object, _context: object) -> object:
        return asyncio.get_event_loop().run_until_complete(asyncio.sleep(0, "slept"))

    function = InProcess(handler)
    assert [asyncio.run(function.invoke({})).reply for _ in range(2)] == ["slept", "slept"]


def test_what_only_a_main_thread_can_is_found_in_a_process_of_its_own() -> None:
    def handler(_event: object, _context: object) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    error = asyncio.run(InProcess(handler).invoke({})).error
    assert "name its file, as in app.py:handler" in (hint(error) or "")


def test_an_error_is_told_where_the_author_called_what_raised_it() -> None:
    def fails(_event: object, _context: object) -> None:
        TypeAdapter(int).validate_python("seven")

    error = asyncio.run(InProcess(fails).invoke({})).error
    assert f"\n  at {__file__}:" in error


class Speechless(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


def test_an_error_without_words_is_one_all_the_same() -> None:
    def fails(_event: object, _context: object) -> None:
        raise Speechless

    error = asyncio.run(InProcess(fails).invoke({})).error
    assert error.startswith("Speechless: <its __str__ raised ZeroDivisionError>\n  at ")


WRITES = """
import logging, sys

log = logging.getLogger()
print("imported")
logging.basicConfig(level="INFO")  # in Lambda nothing comes of it

def handler(event, context):
    log.setLevel(event["level"])
    print("printed")
    sys.stderr.writelines(["two\\n", "lines\\n"])
    log.info("an info line")
    log.warning("a warning line")
"""
PLAYS = """
import asyncio, sys
from contextlib import nullcontext
from offhook.emulator.function.in_process import load
from offhook.emulator.function.mending import hint
from offhook.emulator.function.output import held_back

kept = []
with held_back() if sys.argv[1:] else nullcontext():
    function = load("writes:handler")
    for level in ("INFO", "WARNING"):
        log = asyncio.run(function.invoke({"level": level})).log
        for line in log.splitlines():
            kind, *more = line.split(chr(9))
            kept += [" ".join([kind, *more[-1:]])]
print(kept, file=sys.stderr)
"""
WRITTEN = [
    *("imported", "printed", "two", "lines", "[INFO] an info line", "[WARNING] a warning line"),
    *("printed", "two", "lines", "[WARNING] a warning line"),
]


def _plays(folder: Path, *how: str) -> tuple[list[str], list[str]]:
    """What comes to standard output, and to standard error."""
    (folder / "writes.py").write_text(WRITES)
    command = [sys.executable, "-c", PLAYS, *how]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines(), ran.stderr.splitlines()


def test_what_a_function_writes_and_logs_is_in_its_log_as_in_lambda(tmp_path: Path) -> None:
    printed, complained = _plays(tmp_path)
    assert complained == ["two", "lines"] * 2 + [str(WRITTEN)]
    assert [line.rpartition("\t")[2] for line in printed] == [
        *("imported", "printed", "an info line", "a warning line"),
        *("printed", "a warning line"),
    ]


def test_a_command_shows_it_in_the_ladder_alone(tmp_path: Path) -> None:
    assert _plays(tmp_path, "held back") == ([], [str(WRITTEN)])


def _traces(_frame: FrameType, _what: str, _of: object) -> None:
    """What a debugger does at each line."""


def test_a_debugger_of_a_function_speaks_to_who_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def handler(_event: object, _context: object) -> None:
        before = sys.gettrace()
        sys.settrace(_traces)
        print("(Pdb)")
        sys.settrace(before)
        print("printed")

    with held_back():
        answer = asyncio.run(InProcess(handler).invoke({}))
    assert capsys.readouterr().out == "(Pdb)\n"
    assert answer.log == "(Pdb)\nprinted\n"


def test_what_a_module_says_that_does_not_import_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "breaks.py").write_text("print('so far')\n1 / 0\n")
    monkeypatch.chdir(tmp_path)
    with held_back(), pytest.raises(FunctionNotFound, match="ZeroDivisionError"):
        load("breaks:handler")
    assert capsys.readouterr().out == "so far\n"


def test_a_coroutine_is_no_reply_and_python_has_nothing_to_add() -> None:
    async def handler(_event: object, _context: object) -> None:
        """Nobody awaits it."""

    answer = asyncio.run(InProcess(handler).invoke({}))
    gc.collect()
    assert "Object of type coroutine is not JSON serializable" in answer.error
    assert answer.log == ""
