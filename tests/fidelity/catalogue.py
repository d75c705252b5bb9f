"""What is known of the service: one fact an entry, and the tests that show it on the emulator.

The entries are in `facts/`, a file of TOML for each part, in the order of their numbers.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

FACTS: Final = Path(__file__).with_name("facts")

CANNOT: Final = {
    "account": "is about what an account of AWS has beside calls: roles, trails, its console",
    "carrier": "needs SIP or a telephone network",
    "money": "is about what AWS bills",
    "no test": "says that AWS says nothing, or only how AWS words it",
}
"""Why something cannot be shown on the emulator: `cannot` begins with one of these, and a colon."""


class Fact(BaseModel):
    """A fact; one of `tests`, `cannot` and `not_held` says what becomes of it here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str
    """The fact, in our own words."""
    mark: Literal["documented", "observed", "inferred"]
    """Documented by AWS, observed in a log or in code that evidently worked, or inferred by us."""
    source: str = ""
    """A public page, or a repository, as in `pages.py`; what is inferred may have none."""
    tests: tuple[str, ...] = ()
    """The tests that show it: node ids of pytest. `test_name[words]` is each case of it that has
    these words, between hyphens, in its id."""
    cannot: str = ""
    """Why it cannot be shown: one of `CANNOT`, a colon, what would show it."""
    not_held: str = ""
    """What the emulator does instead."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        said = [name for name in ("tests", "cannot", "not_held") if getattr(self, name)]
        if len(said) != 1:
            raise ValueError(
                "write tests = [...] (what shows it), cannot = ... (why nothing can) or not_held = "
                f"... (what the emulator does instead): here are {', '.join(said) or 'none'}"
            )
        if self.cannot and self.cannot.partition(":")[0] not in CANNOT:
            raise ValueError(f"cannot begins with one of {', '.join(CANNOT)}, and a colon")
        if not self.source and self.mark != "inferred":
            raise ValueError("a fact that is not inferred has a source")
        return self


class Part(BaseModel):
    """A file of facts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sections: dict[str, str]
    """The title of each section, by its number."""
    facts: dict[str, Fact]
    """By their numbers: the section, a hyphen, a count from 1."""


def parts(folder: Path = FACTS) -> Iterator[tuple[Path, Part]]:
    """Each file, in order."""
    for file in sorted(folder.glob("*.toml")):
        yield file, part_of(file)


@cache
def part_of(file: Path) -> Part:
    """What a file says. It is read once."""
    return Part.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def facts(folder: Path = FACTS) -> dict[str, Fact]:
    """All of them, by their numbers."""
    return {number: fact for _, part in parts(folder) for number, fact in part.facts.items()}


def split(test: str) -> tuple[str, str]:
    """The function of a test, and the words of the cases that are meant: none for all of them."""
    function, _, words = test.removesuffix("]").partition("[")
    return function, words


def is_meant(words: str, case: str) -> bool:
    """Whether a case of a test is one that a fact means, by what is in the brackets of its id."""
    return not words or f"-{words}-" in f"-{case}-"
