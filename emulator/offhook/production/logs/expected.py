"""Changes that somebody means, with the reason, until a day: `expected.toml` in a folder of calls.

[[expected]]
change = "HANGUP of LEG-A while LEG-B is up: was Hangup, is nothing"
reason = "the callee is asked to rate us"
until = 2027-04-01
"""

import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from offhook.emulator.service.config_file import ConfigError

FILE: Final = "expected.toml"


class Expected(BaseModel):
    """A change that is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    change: Annotated[str, Field(min_length=1)]
    """As a replay names it; `*` stands for anything."""
    reason: Annotated[str, Field(min_length=1)]
    until: date
    """The last day on which it is expected."""

    def means(self, change: str) -> bool:
        """Whether it is this change, on whatever day."""
        return re.fullmatch(re.escape(self.change).replace(r"\*", ".*"), change) is not None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    expected: tuple[Expected, ...] = ()


class Expectations:
    """Those of a folder, today."""

    def __init__(self, expected: Sequence[Expected], today: date | None = None) -> None:
        """`today` is that in UTC, unless somebody says."""
        self.expected = expected
        self.today = today or datetime.now(UTC).date()

    def of(self, change: str) -> Expected | None:
        """The one that means a change, today."""
        meant = (each for each in self.expected if each.means(change))
        return next((each for each in meant if self.today <= each.until), None)

    def overdue(self, change: str) -> str:
        """That a change was expected, and is no more; empty where it never was."""
        meant = [each for each in self.expected if each.means(change) and each.until < self.today]
        return f"it was expected until {meant[-1].until}: {meant[-1].reason}" if meant else ""


def expectations(place: Path) -> Expectations:
    """Of a folder, or of the folder of a file. Raises `ConfigError`."""
    file = (place if place.is_dir() else place.parent) / FILE
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Expectations(())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not TOML: {error}") from None
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise ConfigError(
            f"{file}: {where}: {fault['msg']}: each [[expected]] has a change, a reason and until, "
            "as in 2027-04-01"
        ) from None
    return Expectations(read.expected)
