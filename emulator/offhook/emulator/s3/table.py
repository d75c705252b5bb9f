"""A table of DynamoDB that is there from the beginning, as the configuration describes it."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Attribute: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^[^:]+(:[SNB])?$"),
    Field(examples=["name", "number:N", "bytes:B"]),
]
Key: TypeAlias = Annotated[tuple[Attribute, ...], Field(min_length=1, max_length=2)]


class Table(BaseModel):
    """What a table is asked by, and what is in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    """The partition key, and the sort key where there is one. A string, unless it says otherwise:
    `number:N`, `bytes:B`."""
    indexes: Mapping[str, Key] = {}
    """The key of each global secondary index, by its name; an index has every attribute."""
    items: tuple[Mapping[str, object], ...] = ()
    """What is in it at the beginning: attributes, as TOML writes them."""
