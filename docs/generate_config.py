"""Makes `docs/offhook.schema.json`, by which editors know the configuration, from its model."""

import importlib
import json
from pathlib import Path
from typing import Any, cast

from docs.generate_schemas import DRAFT, Schema
from offhook.emulator.server.documents.docstrings import docs
from offhook.emulator.service.config import Desk
from offhook.emulator.service.described import KINDS

FILE = Path(__file__).with_name("offhook.schema.json")
ROOMS = ("config", "described", "far_ends", "quotas")


def schema() -> str:
    """The JSON Schema of `[tool.offhook]`, which is all of `offhook.toml`."""
    made: Schema = Desk.model_json_schema()
    tables = cast("dict[str, Schema]", {**made["$defs"], "Desk": made})
    for name, table in tables.items():
        for field, text in docs(_class(name)).items():
            if field in table.get("properties", {}):
                table["properties"][field]["description"] = text
        table["additionalProperties"] = False
    for name in KINDS:
        kind = {"const": name, "description": "Which of them it is; `Answers` by default."}
        tables[name].setdefault("properties", {})["is"] = kind
        if name != "Answers":
            tables[name].setdefault("required", []).append("is")
    return json.dumps({"$schema": DRAFT, **made}, indent=2, ensure_ascii=False) + "\n"


def _class(name: str) -> Any:
    places = [f"offhook.emulator.service.{room}" for room in ROOMS]
    for place in (*places, "offhook.emulator.settings"):
        if found := getattr(importlib.import_module(place), name, None):
            return found
    raise LookupError(f"{name} is in the configuration, and in no module that is looked at")


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
