"""The limits of a whole reply, and what the service complains of in one, in its own words.

`check` reads a reply as the service does: the handler asks it before a reply leaves, the emulator
when one arrives. What is wrong inside an action's parameters is not its business: the service finds
that when it reaches the action (ACTION_FAILED).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from offhook.actions.base import action_class, action_types

SCHEMA_VERSION: Final = "1.0"
MAX_ACTIONS: Final = 10
"""Actions in one reply (dg/invoke-on-call-leg)."""
MAX_ATTRIBUTES: Final = 100
"""Pairs in TransactionAttributes (dg/transaction-attributes; an older error text says 10)."""
MAX_ATTRIBUTES_BYTES: Final = 20 * 1024
"""Bytes of TransactionAttributes as compact JSON in UTF-8 (dg/transaction-attributes: 20 KB)."""

_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True)
class Complaint:
    """Why the service would not take a reply."""

    log: str
    """The line in the SIP media application's log (dg/unexpected-hangups), or its nearest."""

    hint: str
    """What is wrong, where, and what to write instead."""

    error_type: str = "InvalidLambdaResponse"
    """`ErrorType` of the INVALID_LAMBDA_RESPONSE that may follow."""

    blank: bool = False
    """Whether there was nothing to read: the service hangs up at once."""

    attributes: bool = False
    """Whether the attributes are at fault, and not the envelope or the actions."""


def check(reply: object, event_type: str, schema_version: str = SCHEMA_VERSION) -> Complaint | None:
    """What the service would find wrong with a reply, as it came from the function.

    Lists may be tuples, as before JSON. Returns `None` when nothing is.
    """
    if not reply and isinstance(reply, (str, dict, type(None))):
        return Complaint(
            "Response is blank or empty",
            'the function returned nothing; the least is {"SchemaVersion": "1.0", "Actions": []}',
            blank=True,
        )
    if not isinstance(reply, dict):
        return _mismatched(_not_an_object(reply))
    envelope = cast("dict[str, object]", reply)
    if envelope.get("SchemaVersion") != schema_version:
        return _mismatched(_no_schema_version(envelope, schema_version))
    actions = envelope.get("Actions")
    if actions is not None and not isinstance(actions, (list, tuple)):
        return _unreadable(f"Actions is {kind_of(actions)}, not a list")
    if not actions and event_type == "NEW_INBOUND_CALL":
        return Complaint(
            "Actions list is empty.",
            "NEW_INBOUND_CALL was answered with no actions: the caller would hear nothing and be "
            "dropped. Reply with some: Speak and PlayAudio answer the call, Hangup rejects it",
        )
    if complaint := _check_actions(cast("Sequence[object]", actions or ())):
        return complaint
    attributes = envelope.get("TransactionAttributes")
    return None if attributes is None else check_attributes(attributes)


def _check_actions(actions: Sequence[object]) -> Complaint | None:
    if len(actions) > MAX_ACTIONS:
        return Complaint(
            "Too many actions specified in a response.",
            f"{len(actions)} actions: at most {MAX_ACTIONS} are allowed. Send the rest in the "
            "reply to ACTION_SUCCESSFUL, which follows the last one",
        )
    complaints = (check_action(entry, index) for index, entry in enumerate(actions))
    return next((complaint for complaint in complaints if complaint is not None), None)


def check_action(entry: object, index: int) -> Complaint | None:
    """What the service would find wrong with one entry of `Actions`, before it comes to it."""
    if not isinstance(entry, dict):
        return _unreadable(f"Actions[{index}] is {kind_of(entry)}, not an action")
    action = cast("dict[str, object]", entry)
    kind = action.get("Type")
    if not isinstance(kind, str):
        return _unreadable(f'Actions[{index}] has no "Type"')
    if not isinstance(action.get("Parameters", {}), dict):
        return _unreadable(f"Actions[{index}] ({kind}): Parameters is not an object")
    if action_class(kind) is None:
        return Complaint(
            f"Unsupported action {kind} specified",
            f"Actions[{index}] is a {kind!r}: {_nearest(kind)}",
        )
    return None


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


def _mismatched(hint: str) -> Complaint:
    return Complaint(
        "The schema version in the invocation request does not match "
        "the schema version in the response.",
        hint,
        "SchemaVersionMismatch",
    )


def _unreadable(hint: str) -> Complaint:
    return Complaint("Error while reading actions list.", hint)


def _not_an_object(reply: object) -> str:
    if isinstance(reply, str):
        return "the reply is a string: return the object itself, without json.dumps"
    return f'the reply is {kind_of(reply)}: return {{"SchemaVersion": "1.0", "Actions": [...]}}'


def _no_schema_version(envelope: dict[str, object], expected: str) -> str:
    if "statusCode" in envelope or "body" in envelope:
        return (
            "the reply has statusCode and body, as for API Gateway: a SIP media application wants "
            '{"SchemaVersion": "1.0", "Actions": [...]} itself'
        )
    found = envelope.get("SchemaVersion")
    return f'SchemaVersion is {found!r}: it must be "{expected}", as in the event'


def _nearest(kind: str) -> str:
    if kind == "Answer":
        return "there is no such action; Speak, PlayAudio and other media answer the call"
    from difflib import get_close_matches

    close = get_close_matches(kind, action_types(), n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(action_types())}"


def kind_of(value: object) -> str:
    """What a value is, in JSON's words."""
    names = {"dict": "an object", "list": "a list", "tuple": "a list", "str": "a string"}
    name = type(value).__name__
    return "null" if value is None else names.get(name, f"a {name}")
