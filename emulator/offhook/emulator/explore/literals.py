"""Intents that a function's own code asks for: the words that it compares with, in any language."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, get_args

from offhook.actions import action_types
from offhook.actions.base import ErrorType
from offhook.emulator.function.function import Function
from offhook.emulator.function.sources import Changeable
from offhook.handler.events import EVENT_CLASSES

MOST: Final = 12
"""So many intents are tried."""

_WORD = r"""["']([A-Za-z][\w-]{2,99})["']"""
_COMPARED = re.compile(rf"(?:[!=]==?|\bcase|\bin\s*[(\[{{]|[|,])\s*{_WORD}|{_WORD}\s*[!=]==?")
_SPOKEN = re.compile(r"\b(?:if|elif|case|when|in|switch)\b|[!=]==?")
"""A line that compares."""
_OF_THE_SERVICE: Final = {
    *EVENT_CLASSES, *action_types(), *get_args(ErrorType), "FallbackIntent", "Connected",
    "Disconnected", "Inbound", "Outbound", "Failed", "Fulfilled", "ReadyForFulfillment",
    "Confirmed", "Denied", "None", "LEG-A", "LEG-B", "utf-8", "object", "string", "function",
}  # fmt: skip


def intents_of(function: Function, made_of: Sequence[Callable[..., object]]) -> tuple[str, ...]:
    """Those that its files, and those of what it is made of, name in their order; none where nobody
    can read them."""
    files = dict.fromkeys(function.sources()) if isinstance(function, Changeable) else {}
    for each in (getattr(function, "handler", None), *made_of):
        code = getattr(each, "__code__", None)
        if code is not None:
            files[Path(code.co_filename)] = None
    found = dict.fromkeys(word for file in files for word in _asked_for(file))
    return tuple(found)[:MOST]


def _asked_for(file: Path) -> Iterator[str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    if "intent" not in text.lower():
        return
    for line in text.splitlines():
        if _SPOKEN.search(line):
            for pair in _COMPARED.findall(line):
                word = "".join(pair)
                if word not in _OF_THE_SERVICE:
                    yield word
