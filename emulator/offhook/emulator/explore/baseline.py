"""Findings that are known: in a file, so that only new ones count."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from offhook.emulator.explore.jobs import Result
from offhook.emulator.findings.finding import wherever
from offhook.emulator.service.config_file import ConfigError

SAME = ("rule", "where", "evidence")
"""What makes two findings one, as `Finding.known_by` has it."""


class Known(BaseModel):
    """One of them; where it is has no number of an event, which another path changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: str
    rule: str
    where: str
    evidence: str

    @property
    def known_by(self) -> tuple[str, str, str]:
        """As `Finding.known_by` has it."""
        return self.rule, self.where, wherever(self.evidence)


class Baseline(BaseModel):
    """All of them, of all functions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    findings: Sequence[Known] = ()

    def of(self, function: str | None) -> frozenset[tuple[str, str, str]]:
        """Those of one function (of all, for `None`), as `Finding.known_by` has them."""
        its = (each for each in self.findings if function in (None, each.function))
        return frozenset(each.known_by for each in its)

    def gone(self, result: Result) -> list[Known]:
        """Those of its function that were not met."""
        met = {found.finding.known_by for found in result.found}
        return [
            each
            for each in self.findings
            if each.function == result.function and each.known_by not in met
        ]


def read(path: Path) -> Baseline | None:
    """What is known; `None` where there is no file yet. Raises `ConfigError`."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        says = f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
        raise ConfigError(
            f"{path} is no baseline: {says}. Name another file, or delete this one: it is written "
            "anew"
        ) from None


def known(results: Iterable[Result]) -> Baseline:
    """What was found, made the known."""
    findings = [
        Known(function=result.function, **dict(zip(SAME, found.finding.known_by, strict=True)))
        for result in results
        for found in result.found
    ]
    findings.sort(key=lambda one: (one.function, one.rule, one.where, one.evidence))
    return Baseline(findings=tuple(findings))
