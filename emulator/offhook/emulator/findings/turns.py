"""Everything that is wrong in the turns of one call."""

from collections.abc import Iterable, Iterator

from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, once
from offhook.emulator.findings.lacks import missing_audio
from offhook.emulator.findings.parameters import of_parameters
from offhook.emulator.findings.replies import of_reply
from offhook.emulator.findings.whole_calls import of_call


def of_turns(turns: Iterable[Turn]) -> list[Finding]:
    """Everything that is wrong in one call, each thing once, in the order of the call."""
    row = list(turns)
    return once([*of_each(row), *of_call(row)])


def of_each(turns: Iterable[Turn]) -> Iterator[Finding]:
    """What turns show by themselves."""
    for turn in turns:
        for rule in (of_reply, of_parameters, missing_audio):
            yield from rule(turn)
