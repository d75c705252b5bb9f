"""The catalogue of facts is whole: each has what shows it, and that is there.

`make fidelity` runs what it names. About `tests.fidelity`.
"""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Literal, cast

import pytest
from pydantic import ValidationError

from docs.generate_fidelity import PAGE, page
from tests.fidelity.__main__ import Seen, missing, table
from tests.fidelity.catalogue import FACTS, Fact, facts, is_meant, part_of, parts, split
from tests.fidelity.pages import url
from tests.project.test_house import ROOT, tree_of

HELD = {"says": "A call rings.", "mark": "documented", "source": "dg/case-1"}
SHOWN = "tests/emulator/test_rings.py::test_it_rings"


def is_there(test: str) -> bool:
    """Whether a test is written, by looking at its file alone."""
    file, _, name = split(test)[0].partition("::")
    path = ROOT / file
    return path.is_file() and name in functions(path)


@cache
def functions(file: Path) -> set[str]:
    """The names of those that are not in a class."""
    made = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree_of(file).body if isinstance(node, made)}


@pytest.mark.parametrize("file", sorted(FACTS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_fact_is_whole_and_what_shows_it_is_there(file: Path) -> None:
    part = part_of(file)
    gone = {n: t for n, fact in part.facts.items() for t in fact.tests if not is_there(t)}
    assert gone == {}, f"{file.name} names tests that are not there: say what shows these facts"
    for source in {fact.source for fact in part.facts.values() if fact.source}:
        assert url(source), f"{file.name}: pages.py does not know where {source} is"


def test_facts_are_numbered_in_order() -> None:
    titles = [section for _, part in parts() for section in part.sections]
    assert len(set(titles)) == len(titles)
    counts = dict.fromkeys(titles, 0)
    for number in (number for _, part in parts() for number in part.facts):
        section = number.rpartition("-")[0]
        counts[section] += 1
        assert number == f"{section}-{counts[section]}"
    assert min(counts.values()) > 0


def test_a_file_stays_short() -> None:
    assert {f.name for f, _ in parts() if len(f.read_text("utf-8").splitlines()) > 400} == set()


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/fidelity.md is stale: make docs"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "here are none"),
        ({"tests": [SHOWN], "cannot": "carrier: SIP"}, "here are tests, cannot"),
        ({"cannot": "it is hard"}, "cannot begins with one of account, carrier"),
        ({"source": "", "tests": [SHOWN]}, "a fact that is not inferred has a source"),
        ({"tests": [SHOWN], "mark": "rumoured"}, "mark"),
    ],
)
def test_half_a_fact_is_refused(more: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        Fact.model_validate({**HELD, **more})


def test_a_test_that_is_not_there_is_noticed() -> None:
    this = "tests/project/test_fidelity.py::test_a_test_that_is_not_there_is_noticed"
    assert is_there(this)
    assert is_there(f"{this}[some words]")
    assert not is_there(f"{this}_at_all")
    assert not is_there(SHOWN)


def test_a_case_is_meant_by_whole_words() -> None:
    assert is_meant("", "")
    assert is_meant("pause", "LEG-A-pause")
    assert is_meant("LEG-A", "LEG-A-pause")
    assert not is_meant("pause", "pause_answers-True")


def report(case: str, outcome: str) -> pytest.TestReport:
    """What pytest says of a test."""
    return pytest.TestReport(
        nodeid=f"{SHOWN}{case}",
        location=("", 0, ""),
        keywords={},
        outcome=cast('Literal["passed", "failed", "skipped"]', outcome),
        longrepr=None,
        when="call",
    )


@pytest.mark.parametrize(
    ("outcomes", "words", "share"),
    [
        ({"[a]": "passed", "[b]": "failed"}, "[a]", "100.0%"),
        ({"[a]": "passed", "[b]": "failed"}, "", "0.0%"),
        ({"[a]": "skipped"}, "[a]", "0.0%"),
        ({"[a]": "skipped", "[b]": "passed"}, "", "100.0%"),
        ({"[a]": "passed"}, "[c]", "0.0%"),
        ({}, "", "0.0%"),
    ],
)
def test_what_failed_was_skipped_or_never_ran_shows_nothing(
    outcomes: dict[str, str], words: str, share: str
) -> None:
    seen = Seen()
    for case, outcome in outcomes.items():
        seen.pytest_runtest_logreport(report(case, outcome))
    known = {"A.1-1": Fact.model_validate({**HELD, "tests": [f"{SHOWN}{words}"]})}
    assert list(table(known, seen))[-1].endswith(share)
    assert len(list(missing(known, seen))) == (share != "100.0%")


def test_what_does_not_hold_is_said_and_counts_against_the_share() -> None:
    known = {
        "A.1-1": Fact.model_validate({**HELD, "not_held": "It is silent."}),
        "A.1-2": Fact.model_validate({**HELD, "cannot": "carrier: a telephone"}),
    }
    assert list(table(known, Seen()))[-1].split() == ["all", "2", "1", "1", "0", "0.0%"]
    assert list(missing(known, Seen())) == [
        "A.1-1 does not hold: A call rings. Here: It is silent."
    ]


def test_there_are_facts() -> None:
    assert len(facts()) > 300
