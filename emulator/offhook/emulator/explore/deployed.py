"""The version of a function that was deployed before this one, as git has it."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from pydantic_core import from_json, to_json

from offhook.emulator.clock import call_outside
from offhook.emulator.function.function import Function, FunctionNotFound, Invoked
from offhook.emulator.function.moment import MOMENT
from offhook.emulator.function.names import runs_here
from offhook.emulator.function.reach import reach
from offhook.emulator.service.config import Desk

ANSWERS = Path(__file__).parent / "answers_events.py"


@dataclass(frozen=True)
class Before:
    """What a repository was like."""

    top: Path
    """The top folder of the repository."""
    folder: Path
    """All of it, as it was."""

    def reach(self, desk: Desk, name: str) -> Function:
        """A function as it was. Raises `FunctionNotFound`."""
        stands_for, limits = desk.named(name)
        if runs_here(stands_for):
            return Older(stands_for, self)
        path, colon, attribute = stands_for.rpartition(":")
        file = Path(path).expanduser().resolve()
        if not file.is_file() or not file.is_relative_to(self.top):
            raise FunctionNotFound(f"{stands_for} is in no repository: leave --after out")
        return reach(f"{self.at(file)}{colon}{attribute}", limits)

    def at(self, path: Path) -> Path:
        """Where a place of the repository was."""
        return self.folder / path.relative_to(self.top)

    def search_path(self) -> str:
        """`PYTHONPATH` for a process that is to import what was."""
        here = [Path(each).resolve() for each in sys.path if each]
        was = [self.at(each) for each in here if each.is_relative_to(self.top)]
        return os.pathsep.join(str(each) for each in was if each.is_dir())


@contextmanager
def before(ref: str, name: str) -> Generator[Before]:
    """The repository of a function, as it was at a commit. Raises `FunctionNotFound`."""
    beside = Path.cwd() if runs_here(name) else Path(name.rpartition(":")[0]).resolve().parent
    try:
        top = Path(_git(beside, "rev-parse", "--show-toplevel").decode().strip()).resolve()
    except FunctionNotFound as error:
        raise FunctionNotFound(
            f"--after {ref}: {beside} is in no repository of git: {error}"
        ) from None
    try:
        _git(top, "rev-parse", "-q", "--verify", f"{ref}^{{commit}}")
    except FunctionNotFound:
        raise FunctionNotFound(
            f"--after {ref}: there is no such commit in {top}. Write one, as in HEAD~1"
        ) from None
    archive = _git(top, "archive", "--format=tar", f"{ref}^{{commit}}")
    with TemporaryDirectory(prefix="offhook-", ignore_cleanup_errors=True) as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        yield Before(top, Path(folder).resolve())


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    except FileNotFoundError:
        raise FunctionNotFound(f"--after needs git, and a repository around {folder}") from None
    except subprocess.CalledProcessError as error:
        said = cast("bytes", error.stderr).decode(errors="replace").strip()
        raise FunctionNotFound(f"git {' '.join(arguments)}: {said}") from None
    return done.stdout


class Older:
    """A function of this process as it was: in a process of its own, which imports the old modules
    under the same names, and has what a function here has: the call's clock, this environment."""

    def __init__(self, name: str, was: Before) -> None:
        """It starts when it is first asked."""
        self._name = name
        self._was = was
        self._process: subprocess.Popen[bytes] | None = None

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Bring it an event, and wait for the reply."""
        return await call_outside(self._ask, event, MOMENT.get())

    def _ask(self, event: Mapping[str, object], moment: float | None) -> Invoked:
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(to_json([event, moment]) + b"\n")
            process.stdin.flush()
        except OSError:
            line = b""
        else:
            line = process.stdout.readline()
        if not line:
            self.close()
            return Invoked(error=f"the version before of {self._name} has ended its process")
        reply, error = cast("tuple[object, str]", from_json(line))
        return Invoked(reply=reply, error=error)

    def _started(self) -> "subprocess.Popen[bytes]":
        here = Path.cwd().resolve()
        return subprocess.Popen(
            [sys.executable, str(ANSWERS), self._name],
            cwd=self._was.at(here),
            env={**os.environ, "PYTHONPATH": self._was.search_path()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        """End the process of that version."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
