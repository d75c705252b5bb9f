"""The reply envelope, and the limits of a whole reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from pydantic import BaseModel, JsonValue

from offhook.actions.base import Action

SCHEMA_VERSION: Final = "1.0"
MAX_ACTIONS: Final = 10
"""Actions in one reply (dg/invoke-on-call-leg)."""
MAX_ATTRIBUTES: Final = 100
"""Pairs in TransactionAttributes (dg/transaction-attributes; an older error text says 10)."""
MAX_ATTRIBUTES_BYTES: Final = 20 * 1024
"""Bytes of TransactionAttributes as compact JSON in UTF-8 (dg/transaction-attributes: 20 KB)."""

Attributes: TypeAlias = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Response:
    """A reply that also changes the call's attributes.

    `attributes`: `None` keeps what is stored, a mapping replaces all of it, `{}` clears it. A
    pydantic model is your call state: each field becomes one attribute, and attributes that are
    not fields of it are kept.
    """

    actions: Sequence[Action[object]] | Action[object] | None = None
    attributes: Attributes | BaseModel | None = None

    @classmethod
    def from_wire(cls, reply: Mapping[str, object]) -> "Response":
        """Read a raw envelope, as an older handler returns it."""
        actions = reply.get("Actions")
        if not isinstance(actions, (list, tuple, type(None))):
            raise ValueError(f"Actions is {kind_of(actions)}, not a list")
        entries = cast("Sequence[object]", actions or ())
        attributes = cast("Attributes | None", reply.get("TransactionAttributes"))
        return cls([_action(entry, index) for index, entry in enumerate(entries)], attributes)


def _action(entry: object, index: int) -> Action[object]:
    if not isinstance(entry, Mapping):
        raise ValueError(f"Actions[{index}] is {kind_of(entry)}, not an action")
    return Action.from_wire(cast("Mapping[str, object]", entry))


def kind_of(value: object) -> str:
    """What a value is, in JSON's words."""
    names = {"dict": "an object", "list": "a list", "tuple": "a list", "str": "a string"}
    name = type(value).__name__
    return "null" if value is None else names.get(name, f"a {name}")
