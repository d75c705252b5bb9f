"""Intents and keys that a function's own code asks for: the words that it compares with, in any
language, or has in a table."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from offhook.actions import action_types
from offhook.actions.base import ErrorType
from offhook.emulator.function.function import Function
from offhook.emulator.function.sources import Changeable
from offhook.handler.events import EVENT_CLASSES

MOST: Final = 12
"""So many of either are tried."""


_WORD = r"""["']([A-Za-z][\w-]{2,99})["']"""
_KEYS = r"""["']([0-9*#]{2,24})["']"""
"""One key is tried anyhow."""
_BEFORE = r"(?:[!=]==?|\bcase|\bin\s*[(\[{]|[|,])\s*"
_NAMES = r",\s*[\"'][^\"']*[\"']\s*:"
"""What names a part of an object, as of an action."""
_COMPARED = re.compile(rf"(?!{_NAMES})(?:{_BEFORE}{_WORD}|{_WORD}\s*[!=]==?)")
_PRESSED = re.compile(rf"{_BEFORE}{_KEYS}|{_KEYS}\s*[!=]==?")
_ENTRY = re.compile(rf"{_KEYS}\s*:")
_NUMBER = re.compile(
    r"(?:^\s*|[{,]\s*)(\d{2,24})\s*:(?!\d)|(?:[!=]==?|\bcase)\s*(\d{2,24})\b(?![.\"'])"
)
"""Keys that are made a number of first: in a table, or compared with."""
_LITERAL = re.compile(rf"(?<!\w=){_KEYS}")
"""Any others, as in a list, or of a name; no arguments."""
_CALLED = re.compile(
    r"""["']?\b([A-Za-z][\w-]{2,99})\b["']?\s*:\s*(?:(lambda)\b|([A-Za-z_]\w*)\s*(?:[,}]|$))"""
)
_FUNCTION = re.compile(r"\b(?:def|function|const|let)\s+(\w+)\s*(?:\(|=\s*(?:async\s*)?\()")
_SPOKEN = re.compile(r"\b(?:if|elif|case|when|in|switch)\b|[!=]==?")
"""A line that compares."""
_OF_THE_SERVICE: Final = {
    *EVENT_CLASSES, *action_types(), *get_args(ErrorType), "FallbackIntent", "Connected",
    "Disconnected", "Inbound", "Outbound", "Failed", "Fulfilled", "ReadyForFulfillment",
    "Confirmed", "Denied", "None", "LEG-A", "LEG-B", "utf-8", "object", "string", "function",
}  # fmt: skip


@dataclass(frozen=True)
class Literals:
    """Of all files of a function, in their order, and of what it is made of; none where nobody can
    read them."""

    intents: Sequence[str]
    keys: Sequence[str]


def literals(function: Function, made_of: Sequence[Callable[..., object]]) -> Literals:
    """What its code compares something with, where it speaks of intents, and of digits. Of a
    function of this process, whose files are all that is imported here, keys count where it is
    written itself."""
    files = dict.fromkeys(function.sources()) if isinstance(function, Changeable) else {}
    codes = (getattr(its, "__code__", None) for its in (_handler(function), *made_of))
    own = dict.fromkeys(Path(code.co_filename) for code in codes if code is not None)
    texts = {file: _text(file) for file in files | own}
    asks = own if _handler(function) is not None else texts
    intents = dict.fromkeys(word for text in texts.values() for word in _asked_for(text))
    keys = dict.fromkeys(word for file in asks for word in _pressed(texts[file]))
    return Literals(tuple(intents)[:MOST], tuple(keys)[:MOST])


def _handler(function: Function) -> object:
    """That of a function of this process."""
    return getattr(function, "handler", None)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _asked_for(text: str) -> Iterator[str]:
    if "intent" not in text.lower():
        return
    functions = {"lambda", *_FUNCTION.findall(text)}
    for line in text.splitlines():
        compared = _COMPARED.findall(line) if _SPOKEN.search(line) else ()
        called = (word for word, *does in _CALLED.findall(line) if functions.intersection(does))
        for word in (*map("".join, compared), *called):
            if word not in _OF_THE_SERVICE:
                yield word


def _pressed(text: str) -> Iterator[str]:
    if "digits" not in text.lower():
        return
    lines = text.splitlines()
    for line in lines:
        compared = _PRESSED.findall(line) if _SPOKEN.search(line) else ()
        yield from map("".join, (*_ENTRY.findall(line), *compared))
    for expression in (_NUMBER, _LITERAL):  # what is compared with comes first
        yield from (
            "".join(each.groups("")) for line in lines for each in expression.finditer(line)
        )
