"""What the service says in the message log of an application, and what it means."""

from collections.abc import Mapping
from typing import Final

from offhook.emulator.function.invoker import LOGS

SAID: Final[Mapping[str, tuple[str, str]]] = {
    LOGS["denied"]: ("said-denied", "see the permission of the function, above"),
    LOGS["throttled"]: ("said-throttled", "see the concurrency of the function, above"),
    LOGS["timed_out"]: ("said-timed-out", "no reply in 20 s: see what blocks, in the function"),
    "Response is blank or empty": ("said-reply", "the function returned nothing"),
    "The schema version in the invocation request": ("said-reply", "no SchemaVersion in a reply"),
    "Actions list is empty.": ("said-reply", "a first reply without actions"),
    "Too many actions specified": ("said-reply", "more than 10 actions in a reply"),
    "Unsupported action": ("said-reply", "a misspelt action"),
    "Error while reading actions list.": ("said-reply", "`Actions` is no list of actions"),
}
"""Texts of the log (docs/troubleshooting.md), the fault that each is of, and what it means."""


def meaning(text: str) -> str:
    """What one of them means."""
    return SAID[text][1].removesuffix(", above")


def known(line: str) -> list[str]:
    """Those that a line has, in the order above."""
    return [text for text in SAID if text in line]
