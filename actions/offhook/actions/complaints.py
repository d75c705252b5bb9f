"""The limits of a whole reply, and what the service says where one is passed, in its words."""

import json
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from offhook.actions.base import action_class, action_types

SCHEMA_VERSION: Final = "1.0"
MAX_ACTIONS: Final = 10
"""Actions in one reply (dg/invoke-on-call-leg)."""
MAX_ATTRIBUTES: Final = 100
"""Pairs in TransactionAttributes (dg/transaction-attributes; an older error text says 10)."""
MAX_ATTRIBUTES_BYTES: Final = 20 * 1024
"""Bytes of TransactionAttributes as compact JSON in UTF-8 (dg/transaction-attributes: 20 KB)."""

_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Complaint(NamedTuple):
    """Why the service would not take a reply."""

    log: str
    """The line in the SIP media application's log (dg/unexpected-hangups), or its nearest."""

    hint: str
    """What is wrong, where, and what to write instead."""

    error_type: str = "InvalidLambdaResponse"
    """`ErrorType` of the INVALID_LAMBDA_RESPONSE that may follow."""

    attributes: bool = False
    """Whether the attributes are at fault, and not the envelope or the actions."""


def check_number(actions: int, event_type: str) -> Complaint | None:
    """What the service would find wrong with so many actions."""
    if not actions and event_type == "NEW_INBOUND_CALL":
        return Complaint(
            "Actions list is empty.",
            "NEW_INBOUND_CALL was answered with no actions: the caller would hear nothing and be "
            "dropped. Reply with some: Speak and PlayAudio answer the call, Hangup rejects it",
        )
    if actions > MAX_ACTIONS:
        return Complaint(
            "Too many actions specified in a response.",
            f"{actions} actions: at most {MAX_ACTIONS} are allowed. Send the rest in the "
            "reply to ACTION_SUCCESSFUL, which follows the last one",
        )
    return None


def check_type(kind: str, index: int) -> Complaint | None:
    """Whether the service knows the `Type` of an entry of `Actions`."""
    if action_class(kind) is not None:
        return None
    hint = _nearest(kind, action_types())
    if kind == "Answer":
        hint = "there is no such action; Speak, PlayAudio and other media answer the call"
    return Complaint(
        f"Unsupported action {kind} specified", f"Actions[{index}] is a {kind!r}: {hint}"
    )


def no_such(room: str, name: str, known: Sequence[str]) -> Exception:
    """What a `__getattr__` raises: `from ROOM import NAME` would drop an AttributeError's words."""
    asks = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
    if "importlib" in asks.f_code.co_filename:
        return AttributeError(name)  # it may be a module
    from opcode import opmap

    said = f"{room} has no {name!r}: {_nearest(name, known)}"
    is_import = asks.f_code.co_code[asks.f_lasti] == opmap["IMPORT_FROM"]
    return ImportError(said, name=room) if is_import else AttributeError(said)


def _nearest(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"


def check_attributes(attributes: object) -> Complaint | None:
    """What the service would find wrong with TransactionAttributes."""
    if not isinstance(attributes, dict):
        return _bad_attributes("is not an object", f"it is {kind_of(attributes)}")
    pairs = cast("dict[object, object]", attributes)
    if len(pairs) > MAX_ATTRIBUTES:
        return _bad_attributes(
            f"has too many mappings. Maximum number of mappings is {MAX_ATTRIBUTES}",
            f"{len(pairs)} pairs: keep a key to your own store there, not the data",
        )
    try:
        size = len(_COMPACT.encode(pairs).encode())
    except (TypeError, ValueError, RecursionError) as error:
        return _bad_attributes("is not JSON", f"{error}. Values are strings, or plain JSON")
    if not all(isinstance(key, str) for key in pairs):
        return _bad_attributes("is not JSON", "every key must be a string")
    if size > MAX_ATTRIBUTES_BYTES:
        return _bad_attributes(
            f"is too large. Maximum size is {MAX_ATTRIBUTES_BYTES} bytes", f"{size} bytes as JSON"
        )
    return None


def _bad_attributes(what: str, hint: str) -> Complaint:
    # One documented error type (dg/attribute-trans-invalid); what AWS calls the others is open.
    return Complaint(
        f"Transaction Attributes {what}",
        f"TransactionAttributes: {hint}",
        "TransactionAttributesInvalidMapSize",
        attributes=True,
    )


def kind_of(value: object) -> str:
    """What a value is, in JSON's words."""
    names = {"dict": "an object", "list": "a list", "tuple": "a list", "str": "a string"}
    name = type(value).__name__
    return "null" if value is None else names.get(name, f"a {name}")
