"""What the service lets fail on purpose: actions, in each documented way, and prompts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import cast

from offhook.actions.base import Action, ErrorType
from offhook.actions.refusals import Refusal
from offhook.emulator.call.deeds import Deed
from offhook.emulator.call.refused import Refused
from offhook.emulator.faults import ON_PURPOSE

CALLERS_DOING = ("InvalidDigitsReceived", "CallNotAnswered")
"""Errors that others bring about, and not the service."""


@cache
def failures(kind: type[Action[object]]) -> Sequence[Deed]:
    """In all the ways in which the service lets an action fail."""
    return [Deed("fails", error) for error in kind.errors if error not in CALLERS_DOING]


def on_purpose(error: str) -> Refused:
    """An action fails so."""
    return Refused(Refusal(cast("ErrorType", error), ON_PURPOSE), "on purpose")


def error_of(deed: Deed) -> tuple[str, Deed]:
    """The error with which the service lets an action fail, last, and the deed without it; empty
    where there is none."""
    if deed.asides:
        *before, last = deed.asides
        return last.error, replace(deed, asides=(*before, replace(last, error="")))
    return (deed.what, replace(deed, what="")) if deed.does == "fails" else ("", deed)


def wavs(echo: Mapping[str, object]) -> Iterator[str]:
    """The keys of those that an action plays."""
    for value in echo.values():
        if isinstance(value, dict) and "Key" in value:
            yield str(cast("Mapping[str, object]", value)["Key"])
