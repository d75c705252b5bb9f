"""The Tab key offers what the parser takes, and loads no subcommand but the one that is typed."""

import os
import subprocess
import sys

import pytest

from offhook.command.main import COMMANDS
from tests.sampled import sampled

SUBCOMMANDS = {f"offhook.command.{name.replace('-', '_')}" for name in COMMANDS}

SAYS_WHAT_IS_LOADED = """
import atexit, os, sys
from offhook.command.main import main

ours = lambda: sorted(name for name in sys.modules if name.startswith("offhook.command."))
end = os._exit
os._exit = lambda code: (print(*ours()), sys.stdout.flush(), end(code))
main()
"""


def pressed(line: str) -> tuple[list[str], set[str]]:
    """What bash is offered at the end of this line, and the modules of ours that it took."""
    offered, tells = os.pipe()
    asks = {
        **os.environ,
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "COMP_TYPE": "9",
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SHELL": "bash",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": f"/dev/fd/{tells}",
    }
    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHAT_IS_LOADED],
        env=asks,
        pass_fds=[tells],
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(tells)
    with os.fdopen(offered) as pipe:
        words = pipe.read().split("\n")
    assert done.returncode == 0, done.stderr
    return [word.rstrip() for word in words if word], set(done.stdout.split())


@pytest.mark.parametrize(
    ("line", "offered"),
    sampled(
        [
            ("offhook ", {"call", "explore", "doctor", "--version"}),
            ("offhook lint", {"lint-handler"}),
            ("offhook call --sc", {"--script"}),
            ("offhook explore --ba", {"--baseline"}),
            ("offhook explore --handler 'an open quo", set[str]()),
        ],
        1,
    ),
)
def test_what_may_come_next_is_offered(line: str, offered: set[str]) -> None:
    words, loaded = pressed(line)
    assert offered <= set(words)
    assert bool(loaded & SUBCOMMANDS) == (" --" in line), "none is loaded for its name"
    assert all(word.startswith(line.rpartition(" ")[2]) for word in words)


def test_of_a_typed_subcommand_no_other_is_loaded() -> None:
    _, loaded = pressed("offhook routes --han")
    assert "offhook.command.routes" in loaded
    assert "offhook.command.explore" not in loaded


def test_a_shell_that_asks_nothing_loads_no_argcomplete() -> None:
    code = "from offhook.command.main import main; import sys; print('argcomplete' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
