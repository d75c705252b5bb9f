"""A Python file elsewhere, in an interpreter of its own: by AWS's client, and by ours.

About `offhook.emulator.function.bootstraps.python_runtime`, `offhook.emulator.function.fault`.
"""

import sys
from pathlib import Path
from typing import cast

import pytest

from offhook.emulator.function import environment
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.python_file import interpreter
from offhook.emulator.function.reach import reach
from tests.emulator.function.conftest import (
    EVENT,
    Reached,
    Written,
    ask,
    is_running,
    listed,
    make_venv,
    needs_awslambdaric,
)
from tests.emulator.functions import AnsweredBy
from tests.patience import until

ECHO = """
def lambda_handler(event, context):
    return {"event": event}
"""


def test_a_call_is_answered_by_a_file_elsewhere(
    answered_by: AnsweredBy, written: Written, python: str
) -> None:
    written("words.py", "GREETING = 'Hello from elsewhere.'")
    file = written(
        "handler.py",
        """
        from words import GREETING

        def lambda_handler(event, context):
            print("told of", event["InvocationEventType"])
            actions = [{"Type": "Speak", "Parameters": {"Text": GREETING}}, {"Type": "Hangup"}]
            return {"SchemaVersion": "1.0", "Actions": actions}
        """,
    )
    call = answered_by(f"{file}:lambda_handler").dials()
    call.hears("Hello from elsewhere.")
    call.ends()
    assert "| told of NEW_INBOUND_CALL" in call.ladder.render()


@needs_awslambdaric
def test_its_start_does_not_wait_for_what_awss_client_does_without(
    reached: Reached, written: Written
) -> None:
    code = "import sys\ndef lambda_handler(event, context): return [*sys.modules]"
    reply = ask(reached(f"{written('handler.py', code)}:lambda_handler"), EVENT).reply
    loaded = cast("list[str]", reply)
    assert "awslambdaric.bootstrap" in loaded
    assert {"http.client", "pathlib", "typing"}.isdisjoint(loaded)


def test_the_event_and_the_reply_arrive_as_they_are(
    reached: Reached, written: Written, python: str
) -> None:
    function = reached(f"{written('handler.py', ECHO)}:lambda_handler")
    event = {**EVENT, "text": "Größe 📞", "nested": [1, 2.5, None, True, {"a": "b"}]}
    assert ask(function, event).reply == {"event": event}


def test_the_context_says_which_function_this_is(
    reached: Reached, written: Written, python: str
) -> None:
    file = written(
        "app.py",
        """
        import os

        def handler(event, context):
            return {
                "arn": context.invoked_function_arn,
                "name": context.function_name,
                "memory": int(context.memory_limit_in_mb),
                "id": len(context.aws_request_id),
                "left": context.get_remaining_time_in_millis(),
                "region": os.environ["AWS_REGION"],
                "handler": os.environ["_HANDLER"],
                "root": os.environ["LAMBDA_TASK_ROOT"],
                "runs on": os.environ["AWS_EXECUTION_ENV"],
            }
        """,
    )
    function = reached(f"{file}:handler", Limits(timeout=7, memory_mb=256, region="eu-west-1"))
    reply = cast("dict[str, object]", ask(function).reply)
    assert 6_000 < cast("int", reply.pop("left")) <= 7_000
    assert reply == {
        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:their-app",
        "name": "their-app",
        "memory": 256,
        "id": 36,
        "region": "eu-west-1",
        "handler": "app.handler",
        "root": str(file.parent),
        "runs on": f"AWS_Lambda_python3.{sys.version_info.minor}",
    }


def test_it_stays_warm_between_invocations(reached: Reached, written: Written, python: str) -> None:
    file = written(
        "handler.py",
        """
        import os
        told = []

        def lambda_handler(event, context):
            told.append(event)
            return [os.getpid(), len(told)]
        """,
    )
    function = reached(f"{file}:lambda_handler")
    replies = [listed(ask(function).reply) for _ in range(3)]
    assert [row[1] for row in replies] == [1, 2, 3]
    assert len({row[0] for row in replies}) == 1


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import no_such_module", "Runtime.ImportModuleError: Unable to import module 'handler'"),
        ("def lambda_handler(:", "Runtime.UserCodeSyntaxError: Syntax error in module 'handler'"),
        ("x = 1", "Runtime.HandlerNotFound: Handler 'lambda_handler' missing on module"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (
            "def lambda_handler(event, context):\n    return event['nothing']",
            "KeyError: 'nothing'\n  at {file}:2 in lambda_handler",
        ),
        (
            "def lambda_handler(event, context):\n    return {1, 2}",
            "Runtime.MarshalError: Unable to marshal response",
        ),
        (
            "import os\ndef lambda_handler(event, context):\n    os._exit(3)",
            "Runtime exited before it replied: exit status 3",
        ),
        (
            "import os\ndef lambda_handler(event, context):\n    os.kill(os.getpid(), 9)",
            "Runtime exited before it replied: signal: SIGKILL",
        ),
        ("import os\nos._exit(4)", "Runtime exited while it started: exit status 4"),
    ],
    ids=[
        "import",
        "syntax",
        "no handler",
        "at import",
        "raises",
        "not JSON",
        "exit",
        "killed",
        "exit at import",
    ],
)
def test_what_fails_in_lambda_fails_here_in_the_same_words(
    reached: Reached, written: Written, python: str, source: str, error: str
) -> None:
    file = written("handler.py", source)
    answer = ask(reached(f"{file}:lambda_handler"))
    assert error.format(file=file) in answer.error
    assert answer.failure == "function"


def test_after_a_crash_the_next_event_finds_a_new_environment(
    reached: Reached, written: Written, python: str
) -> None:
    file = written(
        "handler.py",
        """
        import os
        told = []

        def lambda_handler(event, context):
            told.append(event)
            if event.get("crash"):
                os._exit(1)
            return len(told)
        """,
    )
    function = reached(f"{file}:lambda_handler")
    assert ask(function).reply == 1
    assert "exit status 1" in ask(function, {**EVENT, "crash": True}).error
    assert ask(function).reply == 1


def test_a_process_that_ends_after_its_reply_is_replaced(
    reached: Reached, written: Written, python: str
) -> None:
    file = written(
        "handler.py",
        """
        import os, pathlib, threading, time

        def ends():
            while not pathlib.Path(f"{os.getpid()}-has-replied").exists():
                time.sleep(0.01)
            os._exit(0)

        def lambda_handler(event, context):
            threading.Thread(target=ends).start()
            return os.getpid()
        """,
    )
    function = reached(f"{file}:lambda_handler")
    first = ask(function).reply
    assert isinstance(first, int)
    (file.parent / f"{first}-has-replied").touch()
    until(lambda: not is_running(first))
    second = ask(function)
    assert (second.error, second.reply == first) == ("", False)


def test_a_start_that_never_ends_times_out(
    reached: Reached, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "INIT_SECONDS", 0.2)
    file = written("handler.py", "import time\ntime.sleep(600)")
    answer = ask(reached(f"{file}:lambda_handler", Limits(timeout=1)))
    assert "Sandbox.Timedout" in answer.error


def test_the_place_of_an_error_is_in_the_authors_own_code(
    reached: Reached, written: Written, python: str
) -> None:
    file = written(
        "handler.py", "import json\n\ndef lambda_handler(event, context):\n    json.loads('{')"
    )
    error = ask(reached(f"{file}:lambda_handler")).error
    assert error.endswith(f"at {file}:4 in lambda_handler")


@pytest.mark.parametrize("python", ["awslambdaric"], indirect=True)
def test_nor_is_it_in_the_client_that_calls_them(
    reached: Reached, written: Written, python: str
) -> None:
    file = written("handler.py", "def lambda_handler(event): ...")
    error = ask(reached(f"{file}:lambda_handler")).error
    assert error.startswith("TypeError: lambda_handler() takes 1 positional argument")
    assert " at " not in error


def test_too_slow_is_killed_and_starts_anew(
    reached: Reached, written: Written, python: str
) -> None:
    file = written(
        "handler.py",
        """
        import subprocess, sys, time

        def lambda_handler(event, context):
            if event.get("hangs"):
                child = subprocess.Popen(["sleep", "600"])
                print("child", child.pid, flush=True)
                time.sleep(600)
            return "quick"
        """,
    )
    function = reached(f"{file}:lambda_handler", Limits(timeout=1))

    def hangs() -> int | None:
        """Its child; where the machine is so busy that there was none within the second, again."""
        answer = ask(function, {**EVENT, "hangs": True})
        assert "Task timed out after 1.00 seconds" in answer.error
        assert answer.seconds >= 1
        return int(answer.log.split()[-1]) if "child" in answer.log else None

    child = until(hangs)
    until(lambda: ask(function).reply == "quick")
    until(lambda: not is_running(child))


def test_a_reply_past_six_megabytes_is_refused(
    reached: Reached, written: Written, python: str
) -> None:
    file = written("handler.py", "def lambda_handler(e, c): return 'x' * e['size']")
    function = reached(f"{file}:lambda_handler")
    answer = ask(function, {**EVENT, "size": 6_500_000})
    assert "exceeded maximum allowed payload size (6291556 bytes)" in answer.error
    assert len(str(ask(function, {**EVENT, "size": 6_000_000}).reply)) == 6_000_000


def test_what_it_writes_is_kept_with_the_invocation(
    reached: Reached, written: Written, python: str
) -> None:
    file = written(
        "handler.py",
        """
        import sys
        print("starting")

        def lambda_handler(event, context):
            print("to out", event["Sequence"])
            print("to err", file=sys.stderr)
        """,
    )
    function = reached(f"{file}:lambda_handler")
    assert ask(function).log.splitlines() == ["starting", "to out 1", "to err"]
    assert ask(function, {**EVENT, "Sequence": 2}).log.splitlines() == ["to out 2", "to err"]


def test_a_function_that_writes_without_end_is_cut_short(
    reached: Reached, written: Written, python: str
) -> None:
    file = written("handler.py", "def lambda_handler(e, c): print('x' * 1_000_000)")
    log = ask(reached(f"{file}:lambda_handler")).log
    assert len(log) < 300_000
    assert log.endswith("more bytes are not shown)")


def test_a_package_keeps_its_name(reached: Reached, written: Written) -> None:
    written("app/__init__.py", "")
    written("app/words.py", "WORD = 'word'")
    file = written(
        "app/handler.py",
        """
        from .words import WORD

        def lambda_handler(event, context):
            return __name__ + " " + WORD
        """,
    )
    assert ask(reached(f"{file}:lambda_handler")).reply == "app.handler word"


def test_the_environment_beside_the_file_runs_it(
    reached: Reached, written: Written, tmp_path: Path
) -> None:
    file = written(
        "src/handler.py",
        "import sys\ndef lambda_handler(event, context): return [sys.prefix, sys.path]",
    )
    make_venv(tmp_path / "their-app" / "venv")
    prefix, path = listed(ask(reached(f"{file}:lambda_handler")).reply)
    first, *others = map(str, listed(path))
    assert prefix == str(tmp_path / "their-app" / "venv")
    assert first == str(file.parent)
    assert not any(other.startswith(str(Path.cwd())) for other in others)


def test_without_one_it_is_ours(tmp_path: Path) -> None:
    assert interpreter(tmp_path) == Path(sys.executable)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere/handler.py:lambda_handler", "there is no file"),
        ("handler.py", "'handler.py' names no function: write handler.py:lambda_handler"),
        ("their-app/handler.py:no name", "names no function: write their-app/handler.py:"),
        ("their-app/handler.py:", "names no function"),
        ("their-app/hander.py:lambda_handler", "Beside it there are handler.py"),
    ],
)
def test_a_name_that_leads_nowhere_says_what_to_write(
    written: Written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, says: str
) -> None:
    written("handler.py", ECHO)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FunctionNotFound, match=says.replace("(", r"\(")):
        reach(name)
