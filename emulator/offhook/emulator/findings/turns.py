"""Everything that is wrong in the turns of one call."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeAlias, cast

from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, once
from offhook.emulator.findings.lacks import missing_audio
from offhook.emulator.findings.parameters import of_parameters
from offhook.emulator.findings.replies import of_reply
from offhook.emulator.findings.whole_calls import of_call

Json: TypeAlias = Mapping[str, object]


def of_turns(turns: Iterable[Turn]) -> list[Finding]:
    """Everything that is wrong in one call, each thing once, in the order of the call."""
    row = list(turns)
    return once([*of_each(row), *of_call(row)])


def of_each(turns: Iterable[Turn]) -> Iterator[Finding]:
    """What turns show by themselves."""
    for turn in turns:
        for rule in (of_reply, of_parameters):
            yield from (_alike(finding, turn) for finding in rule(turn))
        yield from missing_audio(turn)


def _alike(finding: Finding, turn: Turn) -> Finding:
    """One that is the same as of an event that brings other keys, or another error."""
    data = cast("Json", turn.event.get("ActionData") or {})
    is_sent_back = str(turn.event["InvocationEventType"]).startswith("ACTION_")
    brought = {name: data[name] for name in data if name != "Parameters" or not is_sent_back}
    words = sorted(set(_words(brought)), key=len, reverse=True)
    if not words:
        return finding
    either = "|".join(map(re.escape, words))
    alike = re.sub(rf"(?<![\w:])(?:{either})(?!\.?\w)", "…", finding.evidence)
    return replace(finding, alike=alike)


def _words(value: object) -> Iterator[str]:
    """All that is said somewhere in it, but for the names."""
    if isinstance(value, dict):
        yield from chain.from_iterable(map(_words, cast("Json", value).values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_words, cast("Sequence[object]", value)))
    elif value not in (None, "", True, False):
        yield str(value)
