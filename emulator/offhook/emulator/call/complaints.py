"""What the service complains of in a reply, in its own words.

`check` reads a reply as the service does. What is wrong inside an action's parameters is not its
business: the service finds that when it reaches the action (ACTION_FAILED).
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, cast

from offhook.actions.complaints import (
    SCHEMA_VERSION,
    Complaint,
    check_attributes,
    check_number,
    check_type,
    kind_of,
)
from offhook.emulator.as_json import value_of

BLANK: Final = "Response is blank or empty"
"""There was nothing to read: the service hangs up at once."""

KEPT: Final = 256
"""So many replies are read once, however often they come."""

_ENCODER: Final = json.JSONEncoder(allow_nan=False)


def check(reply: object, event_type: str, schema_version: str = SCHEMA_VERSION) -> Complaint | None:
    """What the service would find wrong with a reply, as it came from the function.

    Lists may be tuples, as before JSON. Returns `None` when nothing is.
    """
    if not reply and isinstance(reply, (str, dict, type(None))):
        return Complaint(
            BLANK,
            'the function returned nothing; the least is {"SchemaVersion": "1.0", "Actions": []}',
        )
    if not isinstance(reply, dict):
        return _mismatched(_not_an_object(reply))
    envelope = cast("dict[str, object]", reply)
    if envelope.get("SchemaVersion") != schema_version:
        return _mismatched(_no_schema_version(envelope, schema_version))
    actions = envelope.get("Actions")
    if actions is not None and not isinstance(actions, (list, tuple)):
        return _unreadable(f"Actions is {kind_of(actions)}, not a list")
    entries = cast("Sequence[object]", actions or ())
    if complaint := check_number(len(entries), event_type):
        return complaint
    for index, entry in enumerate(entries):
        if complaint := _check_action(entry, index):
            return complaint
    attributes = envelope.get("TransactionAttributes")
    return None if attributes is None else check_attributes(attributes)


@lru_cache(KEPT)
def of_text(reply: str, event_type: str) -> Complaint | None:
    """The same of a reply as text, as most come again."""
    return check(value_of(reply), event_type)


def _check_action(entry: object, index: int) -> Complaint | None:
    if not isinstance(entry, dict):
        return _unreadable(f"Actions[{index}] is {kind_of(entry)}, not an action")
    action = cast("dict[str, object]", entry)
    kind = action.get("Type")
    if not isinstance(kind, str):
        return _unreadable(f'Actions[{index}] has no "Type"')
    if not isinstance(action.get("Parameters", {}), dict):
        return _unreadable(f"Actions[{index}] ({kind}): Parameters is not an object")
    return check_type(kind, index) or _check_json(action, f"Actions[{index}] ({kind})")


def _check_json(action: dict[str, object], where: str) -> Complaint | None:
    """Python's own encoder writes what no reader of JSON takes: NaN, Infinity."""
    try:
        _ENCODER.encode(action)
    except (TypeError, ValueError, RecursionError) as error:
        return _unreadable(f"{where} is not JSON: {error}")
    return None


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
    if alike := [key for key in envelope if key.lower() == "schemaversion" and found is None]:
        return (
            f"{alike[0]} is no key of a reply, which are written as in "
            f'{{"SchemaVersion": "{expected}", "Actions": [...]}}'
        )
    return f'SchemaVersion is {found!r}: it must be "{expected}", as in the event'
