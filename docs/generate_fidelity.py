"""Makes `docs/fidelity.md` from `tests/fidelity/facts`: each fact, and what shows it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.fidelity.catalogue import CANNOT, Fact, facts, parts, split
from tests.fidelity.pages import url

PAGE = Path(__file__).with_name("fidelity.md")
MADE = re.compile(r"(?<=^<!-- The catalogue. -->\n\n)[\s\S]*", re.MULTILINE)


def page() -> str:
    """The page, with the catalogue as it is now below what is written by hand."""
    return MADE.sub(lambda _: "\n".join(catalogue()) + "\n", PAGE.read_text(encoding="utf-8"))


def catalogue() -> Iterator[str]:
    """The figures, then a table for each section."""
    known = facts().values()
    shown, not_held = (sum(bool(f.tests) for f in known), sum(bool(f.not_held) for f in known))
    yield f"{len(known)} facts: {shown} with tests that show them, {not_held} that the emulator"
    yield f"does not hold, {len(known) - shown - not_held} that nothing can show here:"
    yield ""
    reasons = Counter(fact.cannot.partition(":")[0] for fact in known)
    yield from (f"- *{name}* ({count}): {CANNOT[name]}" for name, count in _by(reasons))
    for file, part in parts():
        for section, title in part.sections.items():
            yield from ("", f"### {section} {title}", "")
            yield from ("| no | fact | mark | shown by |", "|---|---|---|---|")
            for number, fact in part.facts.items():
                if number.rpartition("-")[0] == section:
                    yield f"| {number} | {_cell(fact.says)} | {mark(fact)} | {shown_by(fact)} |"
        yield from ("", f"*In [{file.stem}](../{file.relative_to(PAGE.parents[1]).as_posix()}).*")


def _by(reasons: Counter[str]) -> list[tuple[str, int]]:
    return [(name, reasons[name]) for name in CANNOT if reasons[name]]


def mark(fact: Fact) -> str:
    """How sure it is, and where it is from."""
    return f"{fact.mark}: [{fact.source}]({url(fact.source)})" if fact.source else fact.mark


def shown_by(fact: Fact) -> str:
    """The tests, or why there is none."""
    if fact.cannot:
        return f"*cannot be shown*: {_cell(fact.cannot)}"
    if fact.not_held:
        return f"**does not hold**: {_cell(fact.not_held)}"
    return "<br>".join(map(_link, fact.tests))


def _link(test: str) -> str:
    function, words = split(test)
    file, _, name = function.partition("::")
    said = name.removeprefix("test_").replace("_", " ")
    return f"[{said}](../{file})" + (f" *({_cell(words)})*" if words else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
