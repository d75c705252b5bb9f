"""From files of logs to a folder of calls: read in a stream, joined, made nobody's, written."""

import io
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, cast

from offhook.handler.errors import OffhookError
from offhook.production.logs.changed import VALUES, Changed, texts
from offhook.production.logs.containers import Unreadable, lines
from offhook.production.logs.fragments import Fragments
from offhook.production.logs.joined import Joined
from offhook.production.logs.pseudonyms import Pseudonyms
from offhook.production.logs.recorded import RecordedCall, write
from offhook.production.logs.store import Store
from offhook.production.logs.vocabulary import Vocabulary, values_of

Fields: TypeAlias = Mapping[str, object]
Seen: TypeAlias = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and how much there is."""


def unseen(_what: str, _done: int, _total: int) -> None:
    """Nobody wants to know."""


class ACallersNumber(OffhookError):
    """Something would be written that still has a number of a caller: nothing is."""


class NoCalls(OffhookError):
    """No invocation is in what was read; the message says what was there."""


@dataclass
class Imported:
    """What an import came to."""

    files: Sequence[Path] = ()
    """The files that were written."""
    lines: int = 0
    """How many were read."""
    calls: int = 0
    incomplete: int = 0
    events: int = 0
    again: int = 0
    """Deliveries of an event beyond the first."""
    unseen: int = 0
    """Events whose reply no log has."""
    orphans: int = 0
    """Replies whose event no log has."""
    lost: int = 0
    """Objects that began, and had no end."""
    unexplained: int = 0
    """Texts of the service's message log that belong to none of the calls."""
    unreadable: Sequence[str] = ()
    """Files that end in the middle, or are damaged: what was before it is there."""
    changed: Mapping[str, int] = field(default_factory=dict[str, int])
    """How often each was changed: `numbers`, `ids`, `digits`, `header X-Account`, ..."""
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Values that stay, as several callers have them, by their place."""


def import_logs(
    files: Sequence[Path],
    folder: Path,
    *,
    keep: bool = False,
    ours: Collection[str] = (),
    seen: Seen = unseen,
) -> Imported:
    """Read files, `-` of the standard input, and make a folder of their calls.

    With `keep`, nothing is changed. `ours` are names of headers, arguments, attributes and slots
    whose values are the application's own, whoever has them. `seen` is told now and then what is
    done, how much of it, and how much there is: `reading` of bytes, then `writing` of calls. Raises
    `NoCalls`, `ACallersNumber` and `NoSuchCalls`; then nothing is written.
    """
    with closing(Store()) as store:
        pseudonyms, vocabulary = Pseudonyms(store.db), Vocabulary(store.db, ours)
        store.begin()
        done = Imported()
        _read(files, store, pseudonyms, vocabulary, done, seen)
        if not store.counted.get("event"):
            raise NoCalls(
                f"no invocation of a function of a SIP media application is in {done.lines} "
                "lines: its handler has to log its event, whole, as in print(json.dumps(event))"
            )
        store.join()
        count = store.count()
        joined = Joined(store)
        changed = Changed(pseudonyms, vocabulary)

        def calls() -> Iterator[RecordedCall]:
            for call in joined.calls():
                done.calls += 1
                if not done.calls % 100:
                    seen("writing", done.calls, count)
                done.incomplete += not call.is_complete
                done.events += len(call.exchanges)
                done.again += sum(each.deliveries - 1 for each in call.exchanges)
                done.unseen += sum(each.answer == "unseen" for each in call.exchanges)
                yield call if keep else _checked(changed.call(call), call, pseudonyms)

        done.files = write(folder, calls())
        done.orphans = store.orphans()
        done.unexplained = joined.unexplained
        done.changed = dict(changed.counted)
        done.kept = {place: sorted(values) for place, values in sorted(vocabulary.kept.items())}
        return done


def _read(
    files: Sequence[Path],
    store: Store,
    pseudonyms: Pseudonyms,
    vocabulary: Vocabulary,
    done: Imported,
    seen: Seen,
) -> None:
    unreadable: list[str] = []
    before, size = 0, sum(path.stat().st_size for path in files if str(path) != "-")
    for path in files:
        fragments = Fragments()
        with _opened(path) as file:
            try:
                for line in lines(path, file):
                    done.lines += 1
                    for found in fragments.read(line):
                        if found.kind == "event":
                            _note(cast("Fields", found.value), pseudonyms, vocabulary)
                        store.add(found, line.at, line.stream)
                    if not done.lines % 1000 and file.seekable():
                        seen("reading", before + file.tell(), size)
            except Unreadable as error:
                unreadable.append(str(error))
            before += file.tell() if file.seekable() else 0
        fragments.end()
        done.lost += fragments.lost
        seen("reading", before, size)
    done.unreadable = unreadable


def _opened(path: Path) -> AbstractContextManager[io.BufferedReader]:
    if str(path) == "-":
        return nullcontext(cast("io.BufferedReader", sys.stdin.buffer))
    return path.open("rb")


def _note(event: Fields, pseudonyms: Pseudonyms, vocabulary: Vocabulary) -> None:
    """Whose call it is, and which values come in it."""
    details = cast("Fields", event["CallDetails"])
    legs = details.get("Participants")
    caller = ""
    pseudonyms.accounts.add(str(details.get("AwsAccountId")))
    for leg in cast("list[object]", legs) if isinstance(legs, list) else []:
        if isinstance(leg, dict):
            its = cast("Fields", leg)
            for end in ("From", "To"):
                if isinstance(its.get(end), str):
                    pseudonyms.note(str(its[end]))
            other = "To" if its.get("Direction") == "Outbound" else "From"
            caller = caller or str(its.get(other))
    values = [*_values(event)]
    for _, value in values:
        if re.fullmatch(r"\+\d{7,15}", value):
            pseudonyms.note(value)
    vocabulary.note(caller, values)


def _values(value: object) -> Iterator[tuple[str, str]]:
    """All values that have a place."""
    if isinstance(value, dict):
        for name, each in cast("Fields", value).items():
            if name in VALUES:
                yield from values_of(VALUES[name], "", each)
            elif isinstance(each, dict | list):
                yield from _values(cast("object", each))
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _values(each)


def _checked(changed: RecordedCall, was: RecordedCall, pseudonyms: Pseudonyms) -> RecordedCall:
    """The call, when nothing in it is a number of a caller."""
    for exchange in changed.exchanges:
        for part in ("event", "reply", "error"):
            found: list[str] = []
            texts(getattr(exchange, part), found)
            if any(map(pseudonyms.left_in, found)):
                raise ACallersNumber(
                    f"a number of a caller is left in the {part} of {exchange.told!r} (in the "
                    f"logs, {was.transaction}), and nothing is written: it stands there in a way "
                    "that is not understood. Leave that call out, or import with --keep into a "
                    "folder that only those read who may"
                )
    return changed
