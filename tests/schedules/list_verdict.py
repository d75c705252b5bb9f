"""What must hold when a list was called: by the diary of those who were called, not the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final, cast
from zoneinfo import ZoneInfo

from offhook.handler.calling.dial_policy import Hours
from tests.schedules.list_story import (
    HOURS,
    MOST_UP,
    PER_DESTINATION,
    PER_SECOND,
    ListStory,
    Wanted,
)

DAY: Final = 86_400
TURN: Final = 35.0
"""From the look at the clock to the ring: a request waits for its turn, for 22 s at most."""
RING: Final = 7.0
"""From the right to dial to the ring."""
LAG: Final = 1.0
"""From a request's turn in the pace to the service, at most."""


def wrong_of(story: ListStory) -> list[str]:
    """What is wrong, in words."""
    return [
        *_of_who_was_called(story),
        *_of_the_pace(story),
        *_of_the_days(story),
        *_of_the_stops(story),
        *_of_the_reports(story),
    ]


def _of_who_was_called(story: ListStory) -> Iterator[str]:
    diary, rows = story.callees.diary, story.rows
    for key, times in Counter(rung.key for rung in diary).items():
        if times > 1:
            yield f"{times} calls for the key {key}"
    for rung in diary:
        row = rows.get(rung.key)
        if row is None or (row.number, row.from_) != (rung.to, rung.from_):
            yield f"{rung.to} was called for {rung.key}, and the list has {row}"
            continue
        if rung.at > story.callees.never.get(rung.to, rung.at) + RING:
            yield f"{rung.to} was called after a 9"
        then = datetime.fromtimestamp(rung.at, UTC).astimezone(ZoneInfo(row.time_zone))
        begun = datetime.fromtimestamp(rung.at - TURN, UTC).astimezone(then.tzinfo)
        hours = Hours.parse(HOURS)
        if not (hours.holds(then.time()) or hours.holds(begun.time())):
            yield f"{rung.to} was called at {then:%H:%M}, and {HOURS} is allowed"


def _of_the_pace(story: ListStory) -> Iterator[str]:
    ahead = float("-inf")
    for place, moment in enumerate(sorted(story.callees.accepted_at)):
        due = moment - place / PER_SECOND
        ahead = max(ahead, due)
        if due < ahead - LAG:
            yield f"{ahead - due:.1f} s faster than the pace of {PER_SECOND:g} calls a second"
            break
    if story.callees.most_up > MOST_UP:
        yield f"{story.callees.most_up} calls were up, and {MOST_UP} may be"


def _of_the_days(story: ListStory) -> Iterator[str]:
    days: Counter[str] = Counter()
    rings = defaultdict[str, list[float]](list)
    for rung in sorted(story.callees.diary, key=lambda one: one.at):
        rings[rung.to].append(rung.at)
        if rung.at % DAY > TURN:  # else it may count against the day before
            day = f"{datetime.fromtimestamp(rung.at, UTC):%m-%d}"
            days[f"all {day}"] += 1
            days[f"from {rung.from_} {day}"] += 1
    for name, calls in days.items():
        most = story.per_day if name.startswith("all") else story.per_caller
        if calls > most:
            yield f"{calls} calls in a day ({name}), and {most} are allowed"
    assert PER_DESTINATION == 1
    for number, moments in rings.items():
        if any(later - sooner < DAY - RING for sooner, later in pairwise(moments)):
            yield f"{number} was called twice within a day"


def _of_the_stops(story: ListStory) -> Iterator[str]:
    for since, until in story.stops:
        late = [rung for rung in story.callees.diary if since + RING < rung.at < until]
        if late:
            yield f"{len(late)} were called while all dialling was stopped ({late[0]})"


def _of_the_reports(story: ListStory) -> Iterator[str]:
    letters = Counter(_key(one.body) for one in story.queue.dead)
    rung = {one.key for one in story.callees.diary}
    unknown = 0
    for batch, wanted in story.lists.items():
        report = story.report(batch)
        calls = cast("list[Mapping[str, str]]", report["calls"])
        for name in ("outcome", "said"):
            counted = Counter(call[name] for call in calls if call[name])
            if report["outcomes" if name == "outcome" else name] != counted:
                yield f"the report on {batch} counts other than its calls: {name}, {counted}"
        sums = wanted, report["wanted"], report["known"], report["done"], len(calls)
        if len(set(sums)) > 1:
            yield f"the report on {batch} does not add up: {sums}"
        for call in calls:
            told = call["outcome"], call["said"]
            unknown += call["outcome"] == "unknown"
            if call["key"] in rung:
                if told != story.callees.experienced(call["key"]):
                    was = story.callees.experienced(call["key"])
                    yield f"the report has {call['key']} as {told}, and the callee {was}"
                if letters[call["key"]]:
                    yield f"{call['key']} was called, and is a dead letter"
            else:
                yield from _of_who_was_not(story, story.rows[call["key"]], told[0], letters)
    if unknown > story.network.doubts:
        yield f"{unknown} calls are unknown, of {story.network.doubts} that may be"


def _of_who_was_not(
    story: ListStory, row: Wanted, state: str, letters: Counter[str]
) -> Iterator[str]:
    if state == "unknown" and letters[row.key]:
        return  # an execution died when it had the right to dial
    if state == "refused" and row.number in story.callees.never and letters[row.key]:
        return
    yield f"{row.key} was never called, and is {state} ({letters[row.key]} dead letters)"


def _key(body: str) -> str:
    return body.partition('"key":"')[2].partition('"')[0]
