"""What the stories of this folder share."""

import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone, Settings
from tests.emulator.functions import AnsweredBy, Function


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """The folder of the default bucket of audio."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    return folder


@pytest.fixture
def answered_by(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AnsweredBy]:
    """A phone whose numbers a function answers: `answered_by(function).dials()`. It has the folder
    `prompts` of a test that names it; to make one for each takes longer than most of them."""
    nowhere = tmp_path_factory.getbasetemp() / "no prompts"
    names_it = "prompts" in request.fixturenames
    its: Path = request.getfixturevalue("prompts") if names_it else nowhere
    with ExitStack() as phones:

        def phone(function: Function | str, **settings: object) -> Phone:
            desk = Desk(prompts=its, settings=Settings.model_validate(settings))
            return phones.enter_context(Phone(function, desk=desk))

        yield phone
    assert not nowhere.exists(), "name the fixture `prompts`: something was put there"


@pytest.fixture
def a_wav(prompts: Path) -> Callable[..., Path]:
    """Make a PCM wav in the default bucket: `a_wav("welcome.wav", seconds=2)`."""

    def make(key: str = "welcome.wav", seconds: float = 2.0, rate: int = 8000) -> Path:
        path = prompts / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(rate)
            wav.writeframes(bytes(2 * round(seconds * rate)))
        return path

    return make
