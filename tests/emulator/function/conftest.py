"""Functions in files of their own, and what runs them."""

import asyncio
import importlib.util
import os
import shutil
import textwrap
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias, cast

import pytest

from offhook.emulator.function.function import Function, Invoked, Limits
from offhook.emulator.function.provided import provide, provided
from offhook.emulator.function.reach import reach

Written: TypeAlias = Callable[..., Path]
"""`written("handler.py", "...")`: a file in a folder that is nobody else's."""

Reached: TypeAlias = Callable[..., Function]
"""`reached(name, Limits(timeout=1))`: a function that ends with the test."""

Provides: TypeAlias = Callable[[str, str], str]
"""`provides("OFFHOOK_PROMPTS_BUCKET", "prompts")`: what the desk sets until the test ends."""

EVENT: Mapping[str, object] = {
    "SchemaVersion": "1.0",
    "Sequence": 1,
    "InvocationEventType": "NEW_INBOUND_CALL",
}

REAL = "AKIAREALREALREALREAL"
"""The developer's own key, which nobody has asked for."""
OTHERS = "AKIAWORKWORKWORKWORK"
"""That of the profile `work`."""

PROFILES = f"""
[default]
aws_access_key_id = {REAL}
aws_secret_access_key = secret
[work]
aws_access_key_id = {OTHERS}
aws_secret_access_key = secret
[process]
credential_process = echo
[sso]
sso_start_url = https://example.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = admin
[role]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
"""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
needs_awslambdaric = pytest.mark.skipif(
    importlib.util.find_spec("awslambdaric") is None, reason="awslambdaric is not installed here"
)


def ask(function: Function, event: Mapping[str, object] = EVENT) -> Invoked:
    """Invoke it once, in real time."""

    async def invoked() -> Invoked:
        return await function.invoke(event)

    return asyncio.run(invoked())


def listed(reply: object) -> list[object]:
    """A reply that is a list."""
    assert isinstance(reply, list)
    return cast("list[object]", reply)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    folder = tmp_path / "their-app"

    def write(name: str, text: str) -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return file

    return write


@pytest.fixture
def reached() -> Iterator[Reached]:
    with ExitStack() as open_functions:

        def function(name: str, limits: Limits | None = None) -> Function:
            found = reach(name, limits)
            open_functions.callback(found.close)
            return found

        yield function


@pytest.fixture
def provides(monkeypatch: pytest.MonkeyPatch) -> Provides:
    for variable in provided():
        monkeypatch.delenv(variable)
    monkeypatch.setattr("offhook.emulator.function.provided._provided", {})

    def given(variable: str, value: str) -> str:
        if variable not in os.environ:
            monkeypatch.setenv(variable, value)  # it goes with the test
            del os.environ[variable]
        return provide(variable, value)

    return given


@pytest.fixture(params=[pytest.param("awslambdaric", marks=pytest.mark.thorough), "ours"])
def python(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The client of the Runtime API that an environment beside the file has."""
    if request.param == "ours":
        make_venv(tmp_path / "their-app" / ".venv")
    elif importlib.util.find_spec("awslambdaric") is None:
        pytest.skip("awslambdaric is not installed here")
    return str(request.param)


def make_venv(folder: Path) -> None:
    """An environment with nothing in it."""
    venv.create(folder, symlinks=True)


def is_running(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A developer's home, with profiles in it."""
    folder = tmp_path / "home"
    (folder / ".aws").mkdir(parents=True)
    (folder / ".aws" / "credentials").write_text(PROFILES)
    (folder / ".aws" / "config").write_text(PROFILES.replace("[work", "[profile work"))
    return folder
