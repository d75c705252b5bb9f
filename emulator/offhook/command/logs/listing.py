"""List calls that happened, with how each ended, how long it was, and what is wrong with it."""

from argparse import ArgumentParser, Namespace
from collections import Counter

from offhook.command.logs.choosing import add_choice, calls_of
from offhook.command.say import complain, say
from offhook.production.logs.drawn import summary, title, totals
from offhook.production.logs.ending import How, ending
from offhook.production.logs.recorded import RecordedCall
from offhook.production.logs.turns import findings


def add_arguments(parser: ArgumentParser) -> None:
    add_choice(parser)


def run(options: Namespace) -> int:
    """0; 1 when there are none. Raises `NoSuchCalls`."""
    ends: Counter[How] = Counter()
    for call in calls_of(options):
        say(_line(call))
        ends[ending(call).how] += 1
    if not ends:
        complain("no call is meant by that")
        return 1
    say(f"\n{totals(ends)}")
    return 0


def _line(call: RecordedCall) -> str:
    rules = Counter(one.rule for one in findings(call) if one.weight in ("fault", "waste"))
    wrong = f"  [{', '.join(rules)}]" if rules else ""
    return f"{title(call)}  {summary(call)}{wrong}"
