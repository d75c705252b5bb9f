"""What holds values against a JSON schema."""

from importlib import import_module
from typing import Any


def validator(schema: object) -> Any:
    """The library's, of a schema that is one itself. It carries no types, and is loaded when a test
    needs it."""
    draft = import_module("jsonschema").Draft202012Validator
    draft.check_schema(schema)
    return draft(schema)
