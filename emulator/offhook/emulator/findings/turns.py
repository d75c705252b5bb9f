"""Everything that is wrong in the turns of one call."""

from collections.abc import Callable, Iterable, Iterator

from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, once
from offhook.emulator.findings.parameters import of_parameters
from offhook.emulator.findings.replies import of_reply
from offhook.emulator.findings.whole_calls import of_call


def of_turns(turns: Iterable[Turn], *, is_whole: bool = True, known: int = 0) -> list[Finding]:
    """Everything that is wrong in one call, each thing once, in the order of the call. Of one that
    is not told to its end (`is_whole`), what its turns show by themselves; of the first ones, as
    many as are `known`, that has been said."""
    row = list(turns)
    each: tuple[Callable[[Turn], Iterator[Finding]], ...] = (of_reply, of_parameters)
    found = [finding for turn in row[known:] for rule in each for finding in rule(turn)]
    return once([*found, *(of_call(row) if is_whole else ())])
