"""What the desk provides, beneath what anybody has said, in however general a way."""

import os
from pathlib import Path

import pytest

from offhook.emulator.function.function import Limits
from offhook.emulator.function.provided import give_back, provided
from offhook.emulator.function.variables import variables
from tests.emulator.function.conftest import Provides

BUCKET, S3, ALL = "OFFHOOK_PROMPTS_BUCKET", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"
OURS, THEIRS = "http://127.0.0.1:1", "http://127.0.0.1:2"
DESK = Limits(stand_ins={S3: OURS})


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (BUCKET, S3, ALL):
        monkeypatch.delenv(variable, raising=False)


def test_what_nobody_has_set_is_provided(tmp_path: Path, provides: Provides) -> None:
    assert provides(BUCKET, "ours") == "ours"
    assert os.environ[BUCKET] == provided()[BUCKET] == "ours"
    found = variables("menu", tmp_path, "h", DESK)
    assert (found[BUCKET], found[S3]) == ("ours", OURS)


@pytest.mark.parametrize("variable", [S3, ALL])
def test_what_somebody_has_set_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, THEIRS)
    assert OURS not in variables("menu", tmp_path, "h", DESK).values()


def test_what_somebody_has_set_is_not_provided(
    tmp_path: Path, provides: Provides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BUCKET, "theirs")
    assert provides(BUCKET, "ours") == "theirs"
    assert variables("menu", tmp_path, "h", DESK)[BUCKET] == "theirs"


@pytest.mark.parametrize("variable", [BUCKET, S3, ALL])
def test_what_the_functions_own_file_says_beats_it(
    tmp_path: Path, provides: Provides, variable: str
) -> None:
    provides(BUCKET, OURS)
    (tmp_path / ".env").write_text(f"{BUCKET}=theirs\n{variable}={THEIRS}\n")
    found = variables("menu", tmp_path, "h", DESK)
    assert found[variable] == THEIRS
    assert (found.get(S3) == OURS) == (variable == BUCKET)


@pytest.mark.parametrize("variable", [BUCKET, S3, ALL])
def test_what_the_configuration_gives_the_function_beats_it(
    tmp_path: Path, provides: Provides, variable: str
) -> None:
    provides(BUCKET, OURS)
    limits = Limits(environment={variable: THEIRS}, stand_ins=DESK.stand_ins)
    found = variables("menu", tmp_path, "h", limits)
    assert found[variable] == THEIRS
    assert (found.get(S3) == OURS) == (variable == BUCKET)


def test_what_another_desk_has_provided_is_replaced(provides: Provides) -> None:
    provides(BUCKET, "theirs")
    assert provides(BUCKET, "ours") == os.environ[BUCKET] == "ours"


def test_a_desk_that_closes_gives_it_back_to_those_that_are_open(provides: Provides) -> None:
    for value in ("first", "second", "third"):
        provides(BUCKET, value)
    give_back(BUCKET, "first")
    assert os.environ[BUCKET] == "third"
    give_back(BUCKET, "third")
    assert os.environ[BUCKET] == provided()[BUCKET] == "second"
    give_back(BUCKET, "second")
    assert BUCKET not in os.environ
    assert BUCKET not in provided()


def test_what_somebody_sets_meanwhile_is_not_given_back(
    provides: Provides, monkeypatch: pytest.MonkeyPatch
) -> None:
    provides(BUCKET, "ours")
    monkeypatch.setenv(BUCKET, "theirs")
    give_back(BUCKET, "ours")
    assert os.environ[BUCKET] == "theirs"
