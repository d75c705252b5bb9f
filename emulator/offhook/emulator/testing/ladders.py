"""A picture of the calls of each test that fails: pytest's `--ladders FOLDER`."""

import re
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from offhook.emulator.call.visible import visible
from offhook.emulator.testing.phone import Phone, opened
from offhook.emulator.viewer.document import Ladder, Row, ladder

LONGEST_NAME: Final = 150


class Ladders:
    """A plugin for a run: it writes `FOLDER/tests_flows_test_lunch.py_test_a_soup.svg`, and says so
    below the failure and in JUnit XML (the property `ladder`)."""

    def __init__(self, folder: Path) -> None:
        """Raises `pytest.UsageError` when there can be no such folder."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.joinpath(".offhook").touch()
            folder.joinpath(".offhook").unlink()
        except OSError as error:
            raise pytest.UsageError(
                f"--ladders {folder}: nothing can be written there: {error.strerror}"
            ) from None
        self._folder = folder
        self._phones: list[Phone] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Know of each phone of a test; a picture of an earlier run is no picture of this one."""
        self._path(item).unlink(missing_ok=True)
        opened.append(self._phones.append)
        try:
            return (yield)
        finally:
            opened.remove(self._phones.append)
            self._phones.clear()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Draw the calls of a test that has failed; the last line is why."""
        report = yield
        ladders = [ladder(one) for phone in self._phones for one in phone.service.placed()]
        if report.failed and call.excinfo and ladders:
            from offhook.emulator.viewer.picture import picture

            path = self._path(item)
            *before, last = ladders
            drawn = picture([*before, _broken(last, call.excinfo.value)])
            path.write_text(drawn, encoding="utf-8")
            report.sections.append(("the ladder as a picture", str(path)))
            item.user_properties.append(("ladder", str(path)))
        return report

    def _path(self, item: pytest.Item) -> Path:
        name = re.sub(r"[^\w.\-\[\]]+", "_", item.nodeid)
        return self._folder / f"{name[-LONGEST_NAME:]}.svg"


def _broken(its: Ladder, error: BaseException) -> Ladder:
    """With what the test says in the end."""
    rows = its["rows"]
    why = visible(str(error).partition("\n")[0] or type(error).__name__)
    return Ladder(
        title=its["title"],
        rows=[*rows, Row(at=rows[-1]["at"], leg="", kind="service", text=f"▶ {why}")],
    )
