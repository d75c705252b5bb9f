"""Runs the tests that the catalogue names, and says how much of what can be shown is shown.

`make fidelity` runs it. It fails where a test fails, and where a fact that can be shown is not.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from tests.fidelity.catalogue import Fact, facts, is_meant, split


@dataclass
class Seen:
    """What came of the tests: a plugin of pytest."""

    cases: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By function, and by what is in the brackets of the id: passed, skipped or failed."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A step of a test is over: what is worst of its steps has come of it."""
        function, case = split(report.nodeid)
        so_far = self.cases[function].get(case, "passed")
        if report.outcome == "failed" or so_far == "passed":
            self.cases[function][case] = report.outcome

    def is_shown(self, test: str) -> bool:
        """Whether a test of a fact has passed in a case that is meant, and failed in none. What is
        skipped shows nothing."""
        function, words = split(test)
        meant = {came for case, came in self.cases[function].items() if is_meant(words, case)}
        return "passed" in meant and "failed" not in meant


def table(known: Mapping[str, Fact], seen: Seen) -> Iterator[str]:
    """A line for each section, and one for all."""
    sections = dict.fromkeys(number[0] for number in known)
    yield f"{'':>8}{'facts':>8}{'cannot be shown':>18}{'can':>6}{'shown':>8}{'share':>8}"
    for section in (*sections, "all"):
        of_it = [f for n, f in known.items() if section in {"all", n[0]}]
        can = [fact for fact in of_it if not fact.cannot]
        shown = [fact for fact in can if fact.tests and all(map(seen.is_shown, fact.tests))]
        share = f"{len(shown) / len(can):.1%}" if can else "-"
        cannot = len(of_it) - len(can)
        yield f"{section:>8}{len(of_it):>8}{cannot:>18}{len(can):>6}{len(shown):>8}{share:>8}"


def missing(known: Mapping[str, Fact], seen: Seen) -> Iterator[str]:
    """A line for each fact that could be shown, and is not."""
    for number, fact in known.items():
        if fact.not_held:
            yield f"{number} does not hold: {fact.says} Here: {fact.not_held}"
        for test in fact.tests:
            if not seen.is_shown(test):
                yield f"{number} is not shown: {test} failed, was skipped, or has no such case"


def main(options: Sequence[str]) -> int:
    """The exit code."""
    known, seen = facts(), Seen()
    functions = sorted({split(test)[0] for fact in known.values() for test in fact.tests})
    code = pytest.main(["-q", "-m", "", *options, *functions], plugins=[seen])
    gaps = list(missing(known, seen))
    print("", *table(known, seen), "", *gaps, sep="\n")
    return int(code) or bool(gaps)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
