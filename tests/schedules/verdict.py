"""What must hold when a schedule has been played, whatever went wrong in it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from offhook.handler.calling.call_record import OurCall, call_of
from tests.schedules.story import HOUR, NUMBERS, Items, Story

KNOWN: Final = ("accepted", "confirmed", "answered", "ended")
"""States of calls that were placed."""
LONG_SECONDS: Final = 1000.0
"""Nobody is told to wait longer, but for a cap."""
UP: Final = ("cancelled", "dialling", "unknown", "accepted", "confirmed", "answered")
"""States of calls that are not over when somebody cancels them."""


def play(story: Story) -> list[str]:
    """Play it. What is wrong in the end, in words."""
    story.play()
    items = story.items()
    wrong = [
        *_of_the_calls(story),
        *_of_the_ledger(story, items),
        *_of_the_askers(story, items),
    ]
    if wrong:
        return wrong
    story.settle()
    told = {key: story.ask_again(key) for key in story.plan.keys}
    items = story.items()
    return [
        *_of_the_calls(story),
        *_of_the_ledger(story, items),
        *_of_the_last_word(story, items, told),
    ]


def _of_the_calls(story: Story) -> Iterator[str]:
    """What the service saw."""
    plan, placed = story.plan, story.line.calls
    for key, times in Counter(call.key for call in placed).items():
        if times > 1:
            yield f"{times} calls for the key {key}"
    if story.line.most_up > plan.most_up:
        yield f"{story.line.most_up} calls were up, and {plan.most_up} may be"
    for number, times in Counter(call.to for call in placed).items():
        if times > plan.per_destination:
            yield f"{number} was called {times} times, and {plan.per_destination} are allowed"
    if len(placed) > plan.per_day:
        yield f"{len(placed)} calls in a day, and {plan.per_day} are allowed"
    for call in placed:
        if call.redirections.count("hello") > 1:
            yield f"the call {call.key} was redirected twice for one id"


def _of_the_ledger(story: Story, items: Items) -> Iterator[str]:
    """What is remembered, against what the service saw."""
    placed = {call.key: call for call in story.line.calls}
    dialled: set[str] = set()
    for key in story.plan.keys:
        call = _call(items, key)
        state = call.state if call is not None else "missing"
        if state in KNOWN and key not in placed:
            yield f"{key} is {state}, and no call was placed"
        if state in ("dialling", "unknown"):
            if key in placed and placed[key].is_told and not story.is_hurt:
                yield f"{key} is {state}, and the call has told that it was placed"
            if key not in placed and not (story.is_hurt or story.network.doubtful):
                yield f"{key} is {state}, and all was refused for sure"
        if key in placed:
            known = call is not None and call.transaction_id == placed[key].transaction_id
            if not (state in KNOWN and known) and state not in ("dialling", "unknown"):
                yield f"a call was placed for {key}, which is {state}: it is lost"
            if story.is_undisturbed and not placed[key].is_up and state != "ended":
                yield f"the call {key} has ended, and is {state}"
        if state in (*KNOWN, "dialling", "unknown"):
            dialled.add(key)
    yield from _of_the_counts(story, items, dialled)


def _of_the_counts(story: Story, items: Items, dialled: set[str]) -> Iterator[str]:
    counts = {
        "all": dialled,
        **{f"to {to}": {key for key in dialled if NUMBERS[key] == to} for to in NUMBERS.values()},
    }
    for name, keys in counts.items():
        counted = _count(items, name)
        if counted < len(keys) or (story.is_undisturbed and counted != len(keys)):
            yield f"{counted} calls count as {name}, and {len(keys)} were made"
    members = items.get("up", {}).get("calls", {}).get("SS", [])
    up = {member.partition(" ")[2] for member in members}
    still = {key for key in dialled if (call := _call(items, key)) and call.state != "ended"}
    if story.is_undisturbed and up != still and not story.is_long_after:
        yield f"{up or 'no calls'} count as up, and {still or 'none'} are"


def _of_the_askers(story: Story, items: Items) -> Iterator[str]:
    """What they were told: everybody something, and nothing that is not so."""
    placed = {call.key for call in story.line.calls}
    redirected = {call.key for call in story.line.calls if "hello" in call.redirections}
    reports = story.asking.reports
    for name in set(story.asking.askers) - {report.by for report in reports}:
        yield f"{name} was told nothing"
    for seconds in story.asking.delays:
        if LONG_SECONDS < seconds < 4 * HOUR:
            yield f"somebody was told to come back after {seconds} s"
    dead = {report.by for report in reports if report.said.startswith("dead letter")}
    for report in reports:
        call = _call(items, report.key)
        if report.state in KNOWN and report.key not in placed:
            yield f"{report.by} was told that {report.key} is {report.state}: it was not placed"
        if report.state == "cancelled" and report.key in placed:
            yield f"{report.by} was told that {report.key} is cancelled: it was placed"
        is_started = call is not None and call.state in (*KNOWN, "cancelled")
        has_left = report.said == "settled" and report.by not in dead
        is_done = has_left or report.said in ("200", "known")
        is_noted = call is not None and (call.is_cancelled or call.state in ("cancelled", "ended"))
        if report.operation == "cancel" and (report.state in UP or has_left) and not is_noted:
            yield f"{report.by} was told that {report.key} is cancelled: that is forgotten"
        if report.operation == "cancel" and report.said.split()[-1] in ("404", "NoSuchCall"):
            yield f"{report.by} was told that nobody knows {report.key}, which may yet be started"
        if report.operation == "redirect" and is_done and report.key not in redirected:
            yield f"{report.by} was told that {report.key} is redirected: it was not"
        if report.operation == "start" and has_left and not is_started:
            yield f"{report.by} left the queue, and {report.key} was not started"


def _of_the_last_word(
    story: Story, items: Items, told: Mapping[str, tuple[int, str]]
) -> Iterator[str]:
    """Whoever asks when all is over gets an answer that stays."""
    for key, (status, state) in told.items():
        call = _call(items, key)
        match status:
            case 200 if state in (*KNOWN, "cancelled"):
                pass
            case 504 if call is not None and call.state == "unknown":
                pass
            case 403 if (
                _count(items, "all") >= story.plan.per_day
                or _count(items, f"to {NUMBERS[key]}") >= story.plan.per_destination
            ):
                pass
            case _:
                yield f"asked again for {key}, the answer is {status} {state}"


def _call(items: Items, key: str) -> OurCall | None:
    item = items.get(f"call#{key}")
    return None if item is None else call_of(item)


def _count(items: Items, name: str) -> int:
    """A day's count."""
    for pk, item in items.items():
        if pk == f"cap#{name}":
            return len(item.get("calls", {}).get("SS", []))
        if pk.startswith(f"cap#{name} ") and "N" in item["calls"]:
            return int(item["calls"]["N"])
    return 0
