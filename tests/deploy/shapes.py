"""What a template is made of, for the type checkers."""

from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Resources: TypeAlias = dict[str, dict[str, Json]]
