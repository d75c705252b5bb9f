"""The reply envelope, as a flow returns it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from pydantic import BaseModel, JsonValue

from offhook.actions.base import Action
from offhook.actions.complaints import kind_of

Actions: TypeAlias = Sequence[Action[object]]
"""What helpers return, so that they compose: `[*transfer(event, "+1..."), *said(event)]`."""

Attributes: TypeAlias = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Response:
    """A reply that also changes the call's attributes.

    `attributes`: `None` keeps what is stored, a mapping replaces all of it, `{}` clears it. A
    pydantic model is your call state: each field becomes one attribute, and attributes that are
    not fields of it are kept.
    """

    actions: Actions | Action[object] | None = None
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
