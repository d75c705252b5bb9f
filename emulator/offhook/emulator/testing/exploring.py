"""Every path that a caller can take, as one test."""

import warnings
from collections.abc import Callable
from pathlib import Path

from offhook.emulator.explore import baseline
from offhook.emulator.explore.jobs import Result, chosen, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.explore.report import story_of, verdict
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.config_file import ConfigError, NoNumber
from offhook.emulator.testing.people import StoryFailed


class NotExplored(UserWarning):
    """There is no fault so far; but paths are left over, or the desk lacks something."""


def explores(
    function: Callable[..., object] | str | None = None,
    options: Options | None = None,
    *,
    to: str | None = None,
    desk: Desk | None = None,
    known: Path | None = None,
) -> list[Result]:
    """Play every call that a handler can get, as `offhook explore` does: what came of each function
    of the desk.

    `function` is a Lambda handler, or its name as for `Phone`; without one, the numbers in
    `[tool.offhook]` are answered as it says. `to` explores one of our numbers alone. `options` are
    those of the command, as in `Options(outbound=True)`; without them, what the configuration says.
    Findings in the baseline `known` (`offhook explore --baseline` writes it) do not count. Raises
    `StoryFailed` where there is a fault, with the shortest story that leads to it, and
    `ConfigError`; warns with `NotExplored` where that is not all there is.
    """
    __tracebackhide__ = True
    desk = desk or load().model_copy(update={"state": None})
    if function is not None:
        desk = desk.with_function(function if isinstance(function, str) else _name(function))
    if not desk.numbers:
        raise NoNumber
    options = options or Options.of(desk.explore)
    if options.after and callable(function):
        raise ConfigError("a version before has the name of its function: name it, module:function")
    old = (baseline.read(known) if known is not None else None) or baseline.Baseline()
    results: list[Result] = []
    for application in chosen(desk, to):
        handler = function if callable(function) else None
        result = explore(desk, application, options, handler=handler)
        result.known = old.of(None if handler else result.function)  # an object has many names
        results.append(result)
        found = [each for each in result.found if each.finding.known_by not in result.known]
        if result.exit_code == 1:
            faults = [story_of(each) for each in found if each.finding.weight == "fault"]
            raise StoryFailed("\n\n".join([f"{result.function}: {verdict(result)}", *faults]))
        if result.exit_code == 2:
            lacks = [story_of(each) for each in found if each.finding.weight == "lack"]
            said = "\n\n".join([f"{result.function}: {verdict(result)}", *lacks])
            warnings.warn(said, NotExplored, stacklevel=2)
    return results


def _name(function: Callable[..., object]) -> str:
    its = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{function.__module__}:{its}"
