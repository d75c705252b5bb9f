"""The environment of a function: Lambda's variables, `.env`, this process's, its region."""

from pathlib import Path

import pytest

from offhook.emulator.function.function import Limits
from offhook.emulator.function.variables import read_env, variables


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("KEY=value", "value"),
        ("export KEY=value", "value"),
        ("  KEY = value  ", "value"),
        ('KEY="two words"', "two words"),
        ("KEY='# no comment'", "# no comment"),
        ("KEY=value # a comment", "value"),
        ("KEY=a#b", "a#b"),
        ('KEY="a\\nb"', "a\nb"),
        ("KEY=", ""),
        ("KEY=a=b", "a=b"),
    ],
)
def test_a_line_of_env(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"# first\n\n{line}\nnonsense\n")
    assert read_env(tmp_path / ".env") == {"KEY": value}


def test_no_file_is_no_variables(tmp_path: Path) -> None:
    assert read_env(tmp_path / ".env") == {}
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    assert read_env(tmp_path / ".env") == {}


def test_this_process_beats_the_file_and_lambda_beats_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TABLE=file\nOTHER=file\nAWS_LAMBDA_FUNCTION_NAME=file\n")
    monkeypatch.setenv("TABLE", "process")
    found = variables("menu", tmp_path, "app.handler", Limits())
    assert (found["TABLE"], found["OTHER"]) == ("process", "file")
    assert found["AWS_LAMBDA_FUNCTION_NAME"] == "menu"


def test_endpoints_reach_their_aws_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")
    (tmp_path / ".env").write_text("AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n")
    found = variables("menu", tmp_path, "app.handler", Limits())
    assert found["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:9000"
    assert found["AWS_ENDPOINT_URL_DYNAMODB"] == "http://127.0.0.1:8000"


def test_what_says_how_this_process_runs_stays_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    assert "PYTHONPATH" not in variables("menu", tmp_path, "h", Limits())
