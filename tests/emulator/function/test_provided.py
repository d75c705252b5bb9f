"""What the desk provides, beneath what anybody has said, in however general a way."""

import os
from pathlib import Path

import pytest

from offhook.emulator.function.function import Limits
from offhook.emulator.function.provided import provided
from offhook.emulator.function.variables import variables
from tests.emulator.function.conftest import Provides

S3, ALL = "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"
OURS, THEIRS = "http://127.0.0.1:1", "http://127.0.0.1:2"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(S3, raising=False)
    monkeypatch.delenv(ALL, raising=False)


def test_what_nobody_has_set_is_provided(tmp_path: Path, provides: Provides) -> None:
    assert provides(S3, OURS) == OURS
    assert os.environ[S3] == provided()[S3] == OURS
    assert variables("menu", tmp_path, "h", Limits())[S3] == OURS


@pytest.mark.parametrize("variable", [S3, ALL])
def test_what_somebody_has_set_stays(
    tmp_path: Path, provides: Provides, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, THEIRS)
    assert provides(S3, OURS) == THEIRS
    assert os.environ.get(S3) in (None, THEIRS)
    assert OURS not in variables("menu", tmp_path, "h", Limits()).values()


@pytest.mark.parametrize("variable", [S3, ALL])
def test_what_the_functions_own_file_says_beats_it(
    tmp_path: Path, provides: Provides, variable: str
) -> None:
    provides(S3, OURS)
    (tmp_path / ".env").write_text(f"{variable}={THEIRS}\n")
    found = variables("menu", tmp_path, "h", Limits())
    assert (found[variable], OURS in found.values()) == (THEIRS, False)


@pytest.mark.parametrize("variable", [S3, ALL])
def test_what_the_configuration_gives_the_function_beats_it(
    tmp_path: Path, provides: Provides, variable: str
) -> None:
    provides(S3, OURS)
    found = variables("menu", tmp_path, "h", Limits(environment={variable: THEIRS}))
    assert (found[variable], OURS in found.values()) == (THEIRS, False)


def test_what_another_desk_has_provided_is_replaced(provides: Provides) -> None:
    provides(S3, THEIRS)
    assert provides(S3, OURS) == os.environ[S3] == OURS
