"""Makes the OpenAPI documents: `docs/openapi.json` of the trigger, `docs/desk.openapi.json` of the
desk by hand."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from offhook.command.serving import openapi
from offhook.emulator.server.documents import desk

FOLDER = Path(__file__).parent
FILES: Final[Mapping[str, Callable[[], Mapping[str, object]]]] = {
    "openapi.json": openapi.document,
    "desk.openapi.json": desk.document,
}


@cache
def text(name: str) -> str:
    """A document as it stands in the repository."""
    return json.dumps(FILES[name](), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name in FILES:
        (FOLDER / name).write_text(text(name), encoding="utf-8")
