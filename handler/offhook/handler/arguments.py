"""Typed call arguments: a user's pydantic model travels as the string map of the two APIs.

CreateSipMediaApplicationCall (`ArgumentsMap`) and UpdateSipMediaApplicationCall (`Arguments`)
take at most 20 pairs of strings. One of them is ours, so a model has at most 19 fields.
"""

from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, JsonValue

from offhook.handler import state
from offhook.handler.errors import ArgumentsUnreadable, StateUnreadable
from offhook.handler.state import ModelT

MAX_ARGUMENTS = 20
"""Pairs in one request (api)."""

OURS = "offhook"
"""The pair that is ours: the name of the model, so that a flow sees what it was sent; and, with a
space before it, the key under which the ledger knows the call."""

CANCEL = "cancel"
"""What our pair says when a call is to end (offhook.handler.calling.follow reads it)."""


def arguments_of(model: BaseModel) -> dict[str, str]:
    """The model as the arguments of a request.

    Raises `ValueError` for more than 19 fields, and for a field with the name of our pair.
    """
    fields = cast("dict[str, str]", state.write(model, {}))
    if OURS in fields:
        raise ValueError(f"{type(model).__name__}: no field may be called {OURS}")
    if len(fields) > MAX_ARGUMENTS - 1:
        raise ValueError(
            f"{type(model).__name__} has {len(fields)} fields: a request takes "
            f"{MAX_ARGUMENTS - 1}. Keep a key to your own store, not the data"
        )
    return {OURS: type(model).__name__, **fields}


def read_arguments(model: type[ModelT], arguments: Mapping[str, str]) -> ModelT:
    """The model that a request carried. Raises `ArgumentsUnreadable`.

    Arguments that another program wrote are read as well, by the names of the fields.
    """
    sent = arguments.get(OURS, "").partition(" ")[0] or model.__name__
    if sent != model.__name__:
        raise ArgumentsUnreadable(f"the request carries a {sent}, not a {model.__name__}")
    try:
        return state.read(model, cast("Mapping[str, JsonValue]", arguments), repairs=False)
    except StateUnreadable as error:
        raise ArgumentsUnreadable(
            f"the arguments are no {model.__name__}: {error.faults}. They are "
            f"{', '.join(arguments) or 'none'}. Send arguments_of({model.__name__}(...))"
        ) from None


def with_key(arguments: Mapping[str, str], key: str) -> dict[str, str]:
    """The arguments, with the ledger's key in our pair."""
    return {**arguments, OURS: f"{arguments.get(OURS, '').partition(' ')[0]} {key}"}


def key_of(arguments: Mapping[str, str]) -> str:
    """The ledger's key in the arguments; empty where there is none."""
    return arguments.get(OURS, "").partition(" ")[2]
