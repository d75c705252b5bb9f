"""What Lambda says of a function that failed, in one line with the place."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

MOST = 2_000
"""Characters of a message that are shown."""
MAX_PAYLOAD = 6 * 1024 * 1024 + 100
"""Bytes of an event or a reply: 6 MB, and 100 for the envelope, as Lambda's own error says."""


def explain(body: bytes | Mapping[str, object]) -> str:
    """`ErrorType: message`, and where it happened, from an error object of any runtime."""
    told = body if isinstance(body, Mapping) else _read(body)
    kind = str(told.get("errorType") or "Error")
    message = str(told.get("errorMessage") or told.get("Message") or "").strip()
    message = "\n".join(line for line in message.split("\n") if _BOOTSTRAPS not in line)
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


NOBODY_LISTENS = "does the program that runs the function listen there?"
"""Of a function that cannot be reached itself."""
THEIRS = ("site-packages", "dist-packages", "node_modules", "/lib/python", "node:", "<frozen")
"""What a frame names that is not the author's: the place that helps is the nearest one that is."""


CLIENT = "/awslambdaric/"
"""AWS's own client, which calls a function of Python."""
_BOOTSTRAPS = f"{Path(__file__).parent / 'bootstraps'}/"
"""What runs a function of Node, and is no author's either."""


def _place(trace: object) -> str:
    """The frame where it happened, in the author's own code if it is there: Python's last, Node's
    first."""
    if isinstance(trace, str):
        trace = trace.splitlines()
    if not isinstance(trace, list):
        return ""
    lines = [str(line).strip() for line in cast("Sequence[object]", trace)]
    python = [line for line in lines if line.startswith('File "') and CLIENT not in line]
    if python:
        file, _, rest = _nearest(python[::-1]).removeprefix('File "').partition('"')
        words = rest.split("\n")[0].replace(",", " ").split()
        line = next((word for word in words if word.isdigit()), "?")
        name = f" in {words[words.index('in') + 1]}" if "in" in words[:-1] else ""
        return f"\n  at {file}:{line}{name}"
    if lines and re.fullmatch(r"(?:file://)?/.+:\d+", lines[0]):  # of code that Node cannot read
        return f"\n  at {lines[0]}"
    node = [line for line in lines if line.startswith("at ") and not _is_of_node(line)]
    return f"\n  {_nearest(node)}" if node else ""


def _is_of_node(frame: str) -> bool:
    return "node:internal" in frame or _BOOTSTRAPS in frame


def _nearest(frames: Sequence[str]) -> str:
    own = (frame for frame in frames if not any(part in frame for part in THEIRS))
    return next(own, frames[0])


def timed_out(seconds: float, request_id: str = "") -> str:
    """Lambda's error of a function that took longer than it may."""
    return f"Sandbox.Timedout: {_of(request_id)}Task timed out after {seconds:.2f} seconds"


def too_large(size: int) -> bytes:
    """The error of a reply that is too large, in Lambda's words."""
    words = f"Response payload size ({size} bytes) exceeded maximum allowed payload size"
    return json.dumps(
        {
            "errorMessage": f"{words} ({MAX_PAYLOAD} bytes).",
            "errorType": "Function.ResponseSizeTooLarge",
        }
    ).encode()


def exited(when: str, how: str, request_id: str = "") -> str:
    """Lambda's error of a function whose process ended: `before it replied`, `exit status 1`."""
    return f"Runtime.ExitError: {_of(request_id)}Runtime exited {when}: {how}"


def _of(request_id: str) -> str:
    return f"RequestId: {request_id} Error: " if request_id else ""
