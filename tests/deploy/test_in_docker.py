"""`make in-docker`, of `make check`: red and green with stand-ins of Docker and the SAM CLI."""

import os
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
KINDS = {each.name for each in (ROOT / "events").iterdir() if each.is_dir()} - {"trigger"}
REPLY = '{"SchemaVersion": "1.0", "Actions": []}'
FAILURE = '{"errorMessage": "{\\"SchemaVersion\\": lost", "errorType": "KeyError"}'


def made(folder: Path, *, docker: int, hangup: str, ends: int = 0) -> tuple[int, str]:
    """What comes of it, and what it says, where HANGUP is answered like this."""
    sam = f"""
        #!/bin/sh
        [ "$1 $2 $3 $5" = "local invoke -e CallFunction" ] && [ -f "$4" ] || exit 2
        [ "$AWS_ACCESS_KEY_ID${{AWS_PROFILE-}}" = desk ] || exit 3
        echo START >&2
        case $4 in
          events/hangup/*) echo '{hangup}'; exit {ends} ;;
          *) echo '{REPLY}' ;;
        esac
    """
    for name, script in {"docker": f"#!/bin/sh\nexit {docker}", "sam": sam}.items():
        (folder / name).write_text(dedent(script).strip() + "\n")
        (folder / name).chmod(0o755)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        "PATH": f"{folder}:{os.environ['PATH']}",
        "AWS_ACCESS_KEY_ID": "AKIA-OF-SOMEBODY",
        "AWS_PROFILE": "somebody",
    }
    done = subprocess.run(
        ["make", "-s", "in-docker", f"SAM={folder / 'sam'}"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_an_event_of_each_kind_is_answered(tmp_path: Path) -> None:
    ended, said = made(tmp_path, docker=0, hangup=REPLY)
    assert ended == 0
    assert {line.split("/")[1] for line in said.splitlines()} == KINDS


@pytest.mark.parametrize(
    ("hangup", "ends"), [(FAILURE, 0), ("", 0), (REPLY, 1)], ids=["fails", "is silent", "no sam"]
)
def test_one_that_is_not_is_red(tmp_path: Path, hangup: str, ends: int) -> None:
    ended, said = made(tmp_path, docker=0, hangup=hangup, ends=ends)
    assert ended != 0
    assert "events/hangup/" in said
    assert "is not answered" in said


def test_without_docker_it_says_that_it_is_not_run(tmp_path: Path) -> None:
    ended, said = made(tmp_path, docker=1, hangup=REPLY)
    assert ended == 0
    assert "not run" in said
    assert "is answered in Lambda" not in said
