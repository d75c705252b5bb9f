"""Exceptions that a function wrote to its log, and answered itself."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

_RAISED: Final = re.compile(
    r'^(?:\s*\| )?  File "(?P<file>[^"\n]+)", line (?P<line>\d+), in (?P<name>\S+)\n'
    r"(?:    .*\n)*(?=(?P<what>[A-Za-z_][\w.]*(?:: .*)?)$)"  # of Python: the last frame
    r"|^(?P<error>.*\b\w*(?:Error|Exception)\b.*)(?P<at>\n +at .*)",  # of Node
    re.MULTILINE,
)
_LEVEL: Final = re.compile(r"^\[?(DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b", re.MULTILINE)
_NEXT: Final = re.compile(r"(?<=[^\n])(?=\[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\]\t)")
"""Lambda ends what was raised with no line break."""


def answered(log: str) -> str:
    """The first exception in a log that nothing says is less than an error, as `KeyError: 'x'`, and
    in a line of its own where it was raised; empty where there is none."""
    text = "\n".join(_plain(line) for line in _NEXT.sub("\n", log).splitlines())
    for raised in _RAISED.finditer(text):
        levels = _LEVEL.findall(text, 0, raised.end())
        if levels and levels[-1] in ("DEBUG", "INFO", "WARN", "WARNING"):
            continue
        if raised["what"]:
            return f"{raised['what']}\n  at {raised['file']}:{raised['line']} in {raised['name']}"
        return f"{raised['error'].rpartition(chr(9))[2]}{raised['at']}"
    return ""


def _plain(line: str) -> str:
    """A line of JSON as one of a plain log."""
    if not line.startswith("{"):
        return line
    try:
        said = cast("object", json.loads(line))
    except ValueError:
        return line
    return "\n".join(_parts(cast("Mapping[str, object]", said))) if isinstance(said, dict) else line


def _parts(said: Mapping[str, object]) -> Iterator[str]:
    yield f"[{said.get('level', '')}] {said.get('message', '')}"
    for name in ("exception", "errorMessage", "stackTrace"):
        if isinstance(text := said.get(name), str):
            yield text
