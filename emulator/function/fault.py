"""What Lambda says of a function that failed, in one line with the place."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

MOST = 2_000
"""Characters of a message that are shown."""


def explain(body: bytes | Mapping[str, object]) -> str:
    """`ErrorType: message`, and where it happened, from an error object of any runtime."""
    told = body if isinstance(body, Mapping) else _read(body)
    kind = str(told.get("errorType") or "Error")
    message = str(told.get("errorMessage") or told.get("Message") or "").strip()
    where = _place(told.get("stackTrace") or told.get("trace"))
    return f"{kind}: {message[:MOST]}{where}" if message else f"{kind}{where}"


def is_error(reply: object) -> bool:
    """Whether a reply is an error object: AWS's runtime emulator sends them with HTTP 200."""
    if not isinstance(reply, dict) or "SchemaVersion" in reply or "errorMessage" not in reply:
        return False
    return any(key in reply for key in ("errorType", "stackTrace", "trace", "requestId"))


def _read(body: bytes) -> Mapping[str, object]:
    try:
        told: object = json.loads(body)
    except ValueError:
        told = body.decode(errors="replace")
    if isinstance(told, dict):
        return cast("Mapping[str, object]", told)
    return {"errorMessage": str(told)}


def _place(trace: object) -> str:
    """The frame where it happened: Python's last, Node's first."""
    if isinstance(trace, str):
        trace = trace.splitlines()
    if not isinstance(trace, list):
        return ""
    lines = [str(line).strip() for line in cast("Sequence[object]", trace)]
    python = [line for line in lines if line.startswith('File "')]
    if python:
        file, _, rest = python[-1].removeprefix('File "').partition('"')
        words = rest.split("\n")[0].replace(",", " ").split()
        line = next((word for word in words if word.isdigit()), "?")
        name = f" in {words[words.index('in') + 1]}" if "in" in words[:-1] else ""
        return f"\n  at {file}:{line}{name}"
    node = [line for line in lines if line.startswith("at ")]
    return f"\n  {node[0]}" if node else ""
