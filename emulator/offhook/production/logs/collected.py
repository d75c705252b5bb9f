"""Calls that happened as tests: each is answered as it was, or the change is expected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from _pytest._code.code import TerminalRepr, TracebackStyle

from offhook.emulator.service.config import Desk
from offhook.production.logs.expected import expectations
from offhook.production.logs.recorded import SUFFIX, RecordedCall, read
from offhook.production.logs.replayed import Change, Replay, accepted, rewrite

NAME: Final = "offhook-logs"


class CallChanged(Exception):
    """A call is answered otherwise than it was."""

    def __init__(self, changes: list[str], ladder: str) -> None:
        super().__init__("\n".join(changes))
        self.ladder = ladder


class Collected:
    """The folder of a desk, and the handler that has its calls."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder.resolve()
        self._replay: Replay | None = None

    @property
    def replay(self) -> Replay:
        """One for all calls."""
        self._replay = self._replay or Replay(self._desk)
        return self._replay

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Of the folder, each file."""
        if file_path.suffix != SUFFIX or self._folder not in file_path.resolve().parents:
            return None
        return CallsFile.from_parent(parent, path=file_path)  # pyright: ignore[reportUnknownMemberType]

    def pytest_unconfigure(self) -> None:
        """End what was started for the handler."""
        if self._replay is not None:
            self._replay.close()


def register(config: pytest.Config, desk: Desk, folder: Path) -> None:
    """Let the calls of a folder be tests: always, where no files are named."""
    if handler := config.getoption("--handler"):
        desk = desk.with_function(handler)
    config.pluginmanager.register(Collected(desk, folder), NAME)
    here = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    names_files = config.args_source is pytest.Config.ArgsSource.ARGS
    if folder.is_dir() and not names_files and not any(folder.is_relative_to(a) for a in here):
        config.args.append(str(folder))


class CallsFile(pytest.File):
    """A day of calls."""

    def collect(self) -> Iterator[pytest.Item]:
        """Each call of the file is a test."""
        for number, call in enumerate(read(self.path)):
            made = {"name": call.transaction, "call": call, "line": number}
            yield CallItem.from_parent(self, **made)  # pyright: ignore[reportUnknownMemberType]


class CallItem(pytest.Item):
    """One call that happened, as a test of pytest."""

    def __init__(self, *, call: RecordedCall, line: int, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]  # pytest's own
        self._recorded = call
        self._line = line

    def runtest(self) -> None:
        """Replay it. Raises `CallChanged`."""
        collected = self.config.pluginmanager.get_plugin(NAME)
        assert isinstance(collected, Collected)
        changes = collected.replay.changes(self._recorded)
        if not changes:
            return
        if self.config.getoption("--accept"):
            changed = {self._recorded.transaction: accepted(self._recorded, changes)}
            rewrite(self.path, changed)
            return
        expected = expectations(self.path)
        new = [change for change in changes if expected.of(change.what) is None]
        if not new:
            meant = expected.of(changes[0].what)
            pytest.xfail(f"{changes[0].what}: {meant.reason if meant else ''}")
        told = [_told(change, expected.overdue(change.what)) for change in new]
        raise CallChanged(told, collected.replay.ladder(self._recorded, new[0].place))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: TracebackStyle | None = None
    ) -> str | TerminalRepr:
        """What has changed, and what the caller would hear from there on."""
        error = excinfo.value
        if not isinstance(error, CallChanged):
            return super().repr_failure(excinfo, style)
        return (
            f"{error}\n\nfrom there on:\n{error.ladder}\n\nIf it is meant: pytest --accept writes "
            f"it into {self.path.name}, or write it into expected.toml beside it, with a reason "
            "and until when"
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """Its line in the file."""
        return self.path, self._line, self.name


def _told(change: Change, overdue: str) -> str:
    return f"{change.what} ({overdue})" if overdue else change.what
