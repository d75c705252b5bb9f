"""What exploration says, as text."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby

from offhook.emulator.call.visible import visible
from offhook.emulator.explore.application import OUTBOUND
from offhook.emulator.explore.explored import Explored, Found, Progress
from offhook.emulator.explore.jobs import Result
from offhook.emulator.explore.moments import MONDAY
from offhook.emulator.explore.options import Options
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.quiet import Quiet
from offhook.emulator.explore.reached import Reached, options_taken, reached

COLUMNS = 80
LACKS = "What the desk lacks: what comes after it was not tried, or not all of it"


def render(result: Result, options: Options) -> str:
    """All of it: how far it came, what was not reached, and each finding with its story."""
    if not result.explored:
        return f"  nothing to explore: its router answers none of {', '.join(OUTBOUND)} here"
    first = [line for each in summary(result) for line in _wrapped(each, "  ")]
    return "\n".join([*first, *_missed(result, options), *_findings(result)])


def summary(result: Result) -> Iterator[str]:
    """How far it came, in a few lines."""
    for explored in result.explored:
        yield _line(explored)
    ends: Counter[str] = sum((each.ends for each in result.explored), Counter[str]())
    yield "ends: " + (", ".join(f"{end} {n}" for end, n in ends.most_common()) or "none")
    longest = max((each.longest_call for each in result.explored), default=0.0)
    yield f"the longest call: {longest:.0f} s"
    quiet = max((each.longest_quiet for each in result.explored), default=Quiet())
    if quiet.seconds:
        wait = f"the longest wait in which a caller hears nothing: {quiet.seconds:.0f} s"
        yield f"{wait}, after {quiet.after}"
    for each in result.explored:
        if each.changes:
            yield f"{name_of(each.plan)}: {each.changes} brings ever another reply: it was left"
        if each.is_full:
            yield f"{name_of(each.plan)}: it was left after {each.paths:,} paths, for want of room"
    if not result.is_week_over:
        yield "it was not asked at each half hour of a week: --at, --all, or more --seconds"
    growing = sorted({name for each in result.explored for name in each.growing})
    if growing:
        yield f"{', '.join(growing)} only grows: situations are not told apart by it"


def told(one: Found | Progress) -> str:
    """What is said while it goes on, in one line."""
    if isinstance(one, Found):
        finding = one.finding
        return visible(f"{finding.weight}: {finding.rule}: {finding.where}")
    left = f"{one.paths} paths, {one.left_over} to go, {one.situations} situations"
    return f"{name_of(one.plan)}: {left}"


def name_of(plan: Plan) -> str:
    """`calls to +15550100100, Monday 10:00`; of another week than the usual, with its date."""
    day = "%A" if MONDAY <= plan.at < MONDAY + timedelta(days=7) else "%A %Y-%m-%d"
    name = f"calls {'from' if plan.is_outbound else 'to'} {plan.number}, {plan.at:{day} %H:%M}"
    if plan.is_outbound and not plan.arguments:
        name += ", without arguments"
    return f"{name}, deployed after {plan.after}" if plan.after else name


def story_of(found: Found) -> str:
    """A finding and the shortest way to it: what is wrong, what happened, the ladder."""
    return "\n".join(_story(found))


def verdict(result: Result) -> str:
    """The last line: whether there is something to mend, and whether that is all."""
    counts = result.counts
    parts = [_count(n, weight) for weight, n in counts.items() if weight != "lack"]
    known = sum(found.finding.known_by in result.known for found in result.found)
    parts += [f"{known} known"] if known else []
    said = ", ".join(parts)
    lacks = f"the desk lacks {_count(counts['lack'], 'thing')}" if counts["lack"] else ""
    done = result.is_played
    left = "" if done else "not explored to the end"
    rest = " and ".join(filter(None, (lacks, left)))
    match result.exit_code:
        case 1:
            said = f"to mend: {said}"
        case 0 if known:
            said = f"explored to the end, nothing new; {said}"
        case 0:
            said = f"explored to the end, no fault{'; ' * bool(said)}{said}"
        case _:
            said = f"no fault so far{'; ' * bool(said)}{said}"
    return f"{said}; {rest}" if rest else said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1 and what not in ('advice', 'waste'))}"


def _line(explored: Explored) -> str:
    rest = left_out(explored)
    return (
        f"{name_of(explored.plan)}: {_count(explored.situations, 'situation')}, "
        f"{_count(explored.paths, 'path')}{', ' * bool(rest)}{rest}"
    )


def left_out(explored: Explored) -> str:
    """Which paths were not played to their end; empty where all were."""
    left = f"{_count(explored.left_over, 'path')} left over" if explored.left_over else ""
    strayed = f"{explored.strayed} that went otherwise than before" if explored.strayed else ""
    return ", ".join(filter(None, (left, strayed)))


def _missed(result: Result, options: Options) -> Iterator[str]:
    done, of = map(sum, zip(*options_taken(result), strict=True))
    yield f"reached: {done} of {of} options"
    kinds = reached(result, options)
    for each in kinds:
        yield f"  {len(each.reached)} of {len(each.reached) + len(each.missed)} {each.kind}"
    for each in kinds:
        if each.missed:
            yield f"{each.kind} not reached, and what would have to happen:"
            yield from _by_reason(each)


def _by_reason(kind: Reached) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for name, reason in kind.missed.items():
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        yield from _wrapped(f"{reason}:", "  ")
        if kind.kind == "routes":
            for name in names:
                yield from _wrapped(name, "    ")
        else:
            yield from _wrapped(", ".join(names), "    ")


def _findings(result: Result) -> Iterator[str]:
    new = [found for found in result.found if found.finding.known_by not in result.known]
    for found in new:
        if found.finding.weight != "lack":
            yield from ("", *_story(found))
    lacking = [found for found in new if found.finding.weight == "lack"]
    if lacking:
        yield from ("", f"{LACKS}:")
        for found in lacking:
            yield from _story(found)
    yield from ("", verdict(result))


def _story(found: Found) -> Iterator[str]:
    times = f" ({found.count} times)" if found.count > 1 else ""
    finding = found.finding
    head = f"{finding.weight}{times}: {finding.rule}: {finding.where}: {finding.evidence}"
    yield from _wrapped(head, "")
    yield from _wrapped(finding.instead, "    ")
    yield from _wrapped(
        f"after: {', '.join(_in_short(found.story)) or 'nothing but the call'}", "  "
    )
    if found.disturbed_by:
        yield from _wrapped(f"disturbed by: {', '.join(found.disturbed_by)}", "  ")
    yield found.ladder


def _in_short(story: Iterable[str]) -> Iterator[str]:
    for deed, group in groupby(story):
        times = len([*group])
        yield deed if times == 1 else f"{deed} ({times} times)"


def _wrapped(text: str, indent: str) -> Iterable[str]:
    return textwrap.wrap(
        visible(text),
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
