"""One thing that is wrong with a handler, with evidence, and how it is shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from offhook.emulator.call.told import Turn
from offhook.emulator.call.visible import visible

Weight: TypeAlias = Literal["fault", "waste", "advice", "lack"]
"""A `fault` drops, strands or bills somebody; a `waste` costs time or money; `advice` is harmless;
a `lack` is the desk's: what comes after it was not tried."""


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOLDER = re.compile(r"[^\s()'\"]*[\\/](?=[^\s()\\/]+\.(?:py|[cm]?[jt]s):\d)")
_LINE = re.compile(r"(\.(?:py|[cm]?[jt]s))(?::\d+)+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should be written differently."""

    rule: str
    """A short name, as in `refused-reply`; docs/explore.md lists them."""
    where: str
    """The event and the action: `NEW_INBOUND_CALL 1, Actions[0] (Speak)`."""
    evidence: str
    """What was found there, with its value."""
    instead: str
    """What to write instead of it."""
    weight: Weight = "fault"
    """What it is worth."""
    alike: str = ""
    """Its evidence, without what the event brought: keys, an error, an intent."""

    @property
    def is_advice(self) -> bool:
        """Whether it works as it is, and could be better."""
        return self.weight != "fault"

    def __str__(self) -> str:
        found = visible(f"{self.rule}: {self.where}: {self.evidence}")
        return f"{found}\n    {visible(self.instead)}"

    @property
    def same(self) -> tuple[str, str, str]:
        """What makes two findings one: the sequence number of the event does not count, nor do ids
        and what the event brought; nor which event it is, where a line of code is named."""
        evidence = _ID.sub("<id>", self.alike or self.evidence)
        return self.rule, "" if _LINE.search(evidence) else self._place, evidence

    @property
    def known_by(self) -> tuple[str, str, str]:
        """The same on another machine, and when a line is added above."""
        return self.rule, self._place, wherever(_ID.sub("<id>", self.evidence))

    @property
    def _place(self) -> str:
        event, _, rest = self.where.partition(",")
        return event.partition(" ")[0] + rest


def wherever(evidence: str) -> str:
    """Evidence that names files, but neither their folders nor their lines."""
    return _LINE.sub(r"\1", _FOLDER.sub("", evidence))


def once(findings: Iterable[Finding]) -> list[Finding]:
    """The first of those that are the same."""
    kept: dict[object, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.same, finding)
    return list(kept.values())


def place(turn: Turn, index: int | None = None, kind: str = "") -> str:
    """`NEW_INBOUND_CALL 1, Actions[0] (Speak)`."""
    event = f"{turn.event['InvocationEventType']} {turn.event['Sequence']}"
    return event if index is None else f"{event}, Actions[{index}] ({kind})"


def render(findings: Iterable[Finding]) -> str:
    """As it is printed under a ladder; empty when there is nothing."""
    row = list(findings)
    wrong = [finding for finding in row if not finding.is_advice]
    advice = [finding for finding in row if finding.is_advice]
    blocks: list[str] = []
    if wrong:
        count = f"{len(wrong)} things" if len(wrong) > 1 else "1 thing"
        blocks.append(f"{count} to mend in the handler:")
        blocks += [f"  {finding}" for finding in wrong]
    if advice:
        blocks.append("advice:")
        blocks += [f"  {finding}" for finding in advice]
    return "\n".join(blocks)
