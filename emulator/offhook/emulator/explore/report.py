"""What exploration says, as text."""

from collections import Counter
from collections.abc import Iterator

from offhook.emulator.explore.explorer import Explored, Found
from offhook.emulator.explore.jobs import Result


def render(result: Result) -> str:
    """All of it: how far it came, what was not reached, and each finding with its story."""
    return "\n".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    for explored in result.explored:
        yield _line(explored)
    ends: Counter[str] = sum((each.ends for each in result.explored), Counter[str]())
    yield "  ends: " + (", ".join(f"{end} {n}" for end, n in ends.most_common()) or "none")
    for explored in result.explored:
        if explored.growing:
            names = ", ".join(sorted(explored.growing))
            yield f"  {names} only grows: it is left out where situations are told apart"
            break
    missed = [name for name in result.routes if name not in result.taken]
    if missed:
        yield f"  {len(missed)} of {len(result.routes)} routes were not reached:"
        yield from (f"    {name}" for name in missed)
    for found in result.found:
        yield ""
        yield from _story(found)
    yield ""
    yield _verdict(result)


def _line(explored: Explored) -> str:
    plan = explored.plan
    way = "outbound from" if plan.is_outbound else "to"
    rest = "" if explored.is_complete else f", {explored.left_over} paths left over"
    return (
        f"  {way} {plan.number}, {plan.at:%A %H:%M}: {explored.situations} situations, "
        f"{explored.paths} paths{rest}, the longest call {explored.longest_call:.0f} s"
    )


def _story(found: Found) -> Iterator[str]:
    times = f" ({found.count} times)" if found.count > 1 else ""
    yield f"{found.finding.weight}{times}: {found.finding}"
    yield f"  after: {', '.join(found.story) or 'nothing but the call'}"
    yield found.ladder


def _verdict(result: Result) -> str:
    counts = Counter(found.finding.weight for found in result.found)
    said = ", ".join(f"{n} {weight}{'s' * (n > 1)}" for weight, n in counts.items())
    match result.exit_code:
        case 1:
            return f"to mend: {said}"
        case 0:
            return f"explored to the end, no fault{f'; {said}' if said else ''}"
        case _:
            why = "the desk lacks something" if counts["lack"] else "not explored to the end"
            return f"no fault so far, and {why}{f'; {said}' if said else ''}"
