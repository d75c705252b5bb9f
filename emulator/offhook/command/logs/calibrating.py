"""Hold the emulator's settings against calls that happened: what these say of each."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from offhook.command.logs.choosing import add_choice, calls_of
from offhook.command.say import complain, say
from offhook.emulator.call.ladder import rendered
from offhook.emulator.service.config import load
from offhook.emulator.service.config_settings import write_settings
from offhook.production.logs.calibrated import Calibrated, Verdict, calibrate
from offhook.production.logs.drawn import entries, title
from offhook.production.logs.pace import Pace, paces
from offhook.production.logs.reenacted import reenacted

LADDERS = 5
"""So many calls that nothing explains are shown."""


def add_arguments(parser: ArgumentParser) -> None:
    add_choice(parser)
    parser.add_argument(
        "--write",
        action="store_true",
        help="put what is certain, and is not so already, into the configuration",
    )


def run(options: Namespace) -> int:
    """0 when all calls are explained, else 1. Raises `NoSuchCalls` and `ConfigError`."""
    desk = load()
    calls = list(calls_of(options))
    if not calls:
        complain("no call is meant by that: offhook logs list says which there are")
        return 1
    found = calibrate(calls, desk)
    say("\n".join(_told(found, paces(calls))))
    best = desk.model_copy(update={"settings": found.settings})
    for call in found.unexplained[:LADDERS]:
        played = reenacted(call, best, grants_failures=True).call.ladder.render()
        say(f"\n{title(call)}: no setting explains it. It was:\n{rendered(entries(call))}")
        say(f"and the emulator does, as far as it is the same:\n{played}")
    if options.write:
        new = {
            each.name: each.value
            for each in found.verdicts
            if each.says == "certain" and each.value != getattr(desk.settings, each.name)
        }
        if new:
            say(f"\n{write_settings(Path.cwd(), new)} says now: {', '.join(new)}")
        else:
            say("\nThere is nothing to write: what is certain is so already.")
    return 1 if found.unexplained else 0


def _told(found: Calibrated, voices: list[Pace]) -> Iterator[str]:
    yield f"{found.calls} calls, {found.explained} of them as the emulator plays them"
    if found.left_out:
        yield f"  {found.left_out} are left out: they lack their beginning, or a reply"
    for says in ("certain", "ambiguous", "never exercised"):
        verdicts = [each for each in found.verdicts if each.says == says]
        if verdicts:
            yield f"{says}:"
            yield from (f"  {_line(each)}" for each in verdicts)
    if voices:
        yield "words_per_minute, an estimate (it is never written):"
    for pace in voices:
        within = f" ± {pace.within:.0f}" if pace.within is not None else ", of too few to say more"
        yield f"  {pace.voice}: {pace.words_per_minute:.0f}{within}; {pace.count} times"


def _line(verdict: Verdict) -> str:
    if verdict.says == "never exercised":
        return verdict.name
    if verdict.says == "certain":
        return f"{verdict.name} = {verdict.value}: {verdict.count} of {verdict.of} calls say so"
    others = ", ".join(map(str, verdict.others)) or "nothing that is known"
    return f"{verdict.name} = {verdict.value}, or it is {others} that explains the same"
