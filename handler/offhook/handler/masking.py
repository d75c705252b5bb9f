r"""What callers press, say and are called stays out of the logs, also in an exception's words.

In Lambda, and nowhere else, a text loses what the event holds of a caller, in whatever case and
with whatever between the words, and what looks like it: four digits or more, with the usual between
them; words with a `%41`, a `\u00e9` or a `\n` in them; words cut off by `...`. So one or two keys
can be read wherever they stand (a menu's choice, `Actions[1]`), three where the event does not have
them (a status of 503), and a PIN never. Names of actions and of their parameters can be read.
"""

import json
import os
import re
import traceback
from collections.abc import Collection, Iterator, Mapping
from typing import cast
from urllib.parse import unquote

from offhook.actions.base import known_actions
from offhook.handler.event import Event
from offhook.handler.reading import mapping
from offhook.handler.state import decode

NOT_SECRET = (
    r"Direction|Error\w*|Parameters|RingbackTone|Status|Type|\w*(Destination|Id|Source|Tag)"
)
"""Keys of a leg, of `ActionData` and of its `Parameters` whose values are no caller's."""

MASK = "***"
FEW = 5
"""A value of so many words is masked word by word, as a name is; of more, three in a row."""

ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NUMBER = r"\+?\d{7,}|\+\d(?:[^\w,:;=\[\]]{0,3}\d){6,}"
GROUPED = r"\+?\d(?:(?:[^\w,:;=\[\]]{0,3}|[,_])\d){3,}"
LISTED = r"\b\d(?:[,'\"\\\s]{1,6}\d\b){3,}"
# Past ASCII each letter is a word: not all scripts put spaces between them.
WORD = rf"(?ai)({ID}|(?:[\da-z_]|\*{{3}}|%[\da-f]{{2}}|\\{{1,8}}[abfnrtuvx])+|[^\0-\x7f])"


def masked_traceback(error: BaseException, event: Event) -> str:
    """The traceback of an error: places and types as they are, messages as `masked` has them."""
    lines: list[str] = []
    waiting = [traceback.TracebackException.from_exception(error)]
    for told in waiting:  # the error, what it came of, and some of a group
        words = "".join(told.format_exception_only()).rstrip()
        lines.append("".join(told.stack.format()) + masked(words, event))
        before = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
        waiting += (one for one in (before, *(told.exceptions or ())[:FEW]) if one is not None)
    return "\nafter\n".join(lines)


def masked(text: str, event: Event) -> str:
    r"""The text; in Lambda without what a caller, or an application, put into the event.

    What nobody sees, or a terminal obeys, is written as in `\x1b`, and a bar begins each line but
    the first: none can be taken for a line of the log.
    """
    # Lambda calls no stream so, and lets nobody set this: it is the desk's, or sam local's.
    is_local = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME") in ("desk", "$LATEST")
    if is_local or "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return _shown(text)
    text = _shown(text if len(text) <= 20_000 else f"{text[:10_000]}...{text[-10_000:]}")
    parts, words = _split(text)
    secrets = _secrets(event)
    ours = {name for kind in known_actions.values() for name in kind.model_fields}
    ours.update(map(str.casefold, known_actions))
    for index, word in enumerate(words):
        starts = [(first, run) for run in (1, 2, 3) for first in range(index - run + 1, index + 1)]
        runs = {words[max(first, 0) : first + run] for first, run in starts}
        runs.update((part,) for part in word.split("_"))
        before, _, after = parts[2 * index : 2 * index + 3]
        looks_so = before.endswith("...") or after.startswith("...") or "%" in word or "\\" in word
        if (looks_so or runs & secrets) and word not in ours:
            parts[2 * index + 1] = MASK
    return re.sub(r"\*{4,}", MASK, "".join(parts))


def masked_numbers(text: str) -> str:
    """The text without phone numbers, wherever it runs: of what is about no event, as a request to
    the trigger. A key with a date in it can be read."""
    return re.sub(NUMBER, MASK, _shown(text))


def _shown(text: str) -> str:
    seen = (one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)
    return "".join(seen).replace("\n", "\n    | ")


def _split(text: str) -> tuple[list[str], tuple[str, ...]]:
    """The text in parts, every second of which is a word; and the words, in small letters."""
    text = re.sub(rf"({ID})|{GROUPED}|{LISTED}", lambda found: found[1] or MASK, text)
    parts = re.split(WORD, text)  # each is compiled at its first use, not when a function starts
    return parts, tuple(map(str.casefold, parts[1::2]))


def _secrets(event: Event) -> set[tuple[str, ...]]:
    """The words, and words in a row, that are masked."""
    found: set[tuple[str, ...]] = set()
    for value in _values(event, event.transaction_attributes, "Parameters"):
        for spelled in {value, unquote(value), value.lstrip("0")}:
            _, words = _split(spelled)
            found.update(zip(words, words[1:], words[2:], strict=False))
            if len(words) <= FEW:
                found |= {words, *((word,) for word in words)}
    return {run for run in found if len("".join(run)) > 2}


def of_callers(event: Event, ours: Collection[str]) -> Iterator[str]:
    """Expressions of what the event has of a caller as it stands in JSON, but attributes `ours`."""
    stored = {name: v for name, v in event.transaction_attributes.items() if name not in ours}
    asked = mapping(mapping(event.action_data, "Parameters"), "Arguments")
    found = {json.dumps(value)[1:-1] for value in _values(event, [stored, asked], "")}
    found |= {word for value in found for word in re.findall(r"[^\W\d_]{3,}", value)}
    for one in sorted((each for each in found if len(each) > 2), key=len, reverse=True):
        keys = one.lstrip("+")
        for some in (keys, keys[-10:]) if keys.isdigit() else ():
            yield r"[ ,.()-]{0,3}".join(some)  # also as it is spelled at home
        yield re.escape(one)


def _values(event: Event, attributes: object, asked: str) -> Iterator[str]:
    waiting: list[object] = [attributes]
    legs = (leg.raw for leg in event.participants)
    for place in (event.action_data, mapping(event.action_data, asked), *legs):
        waiting += (place[name] for name in place if not re.fullmatch(NOT_SECRET, name))
    while waiting:
        value = waiting.pop()
        read = decode(value) if isinstance(value, str) else value
        if isinstance(read, Mapping):
            inner = cast("Mapping[str, object]", read)
            waiting += inner.values()
            waiting += (name for name in inner if not name.replace("-", "_").isidentifier())
        elif isinstance(read, (list, tuple)):
            waiting += cast("list[object]", read)
        elif read is not None and not isinstance(read, bool):
            yield read if isinstance(read, str) else str(value)
