"""The longest wait of a caller in which nothing is to be heard."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from offhook.emulator.call.ladder import Entry


class Quiet(NamedTuple):
    """A wait in which nobody does anything."""

    seconds: float = 0.0
    after: str = ""
    """What was heard or done last, before it: the words of a ladder."""


def longest_quiet(entries: Iterable[Entry]) -> Quiet:
    """Of LEG-A, from when it is answered to its end; with somebody else on the line nobody waits
    for a prompt."""
    return max(_waits(entries), default=Quiet())


TOGETHER = ("is bridged", "is in the meeting", "is the meeting")
LEAVES = ("hangs up", "is hung up", "the meeting is over", "the call is over")


def _waits(entries: Iterable[Entry]) -> Iterator[Quiet]:
    since: float | None = None
    after = ""
    for entry in entries:
        if entry.clip is None and entry.kind not in ("call", "cut"):
            continue
        is_of_b = entry.leg == "LEG-B"
        leaves = entry.kind == "call" and entry.text.startswith(LEAVES)
        ends = entry.text.startswith(TOGETHER) or (leaves and not is_of_b)
        if since is not None and (ends or (entry.clip is not None and not is_of_b)):
            yield Quiet(round(max(0.0, entry.time - since), 1), after)
        if ends:
            since = None
        elif is_of_b:
            since, after = (entry.time, "the other side left") if leaves else (since, after)
        elif entry.clip is not None:
            since, after = entry.time + entry.clip.seconds, str(entry.clip)
        elif entry.kind == "cut" and since is not None:
            since = entry.time
        elif entry.text == "answered":
            since, after = entry.time, "the call was answered"
