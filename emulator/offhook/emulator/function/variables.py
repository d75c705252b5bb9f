"""The environment variables of a function's process."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from offhook.emulator.function.credentials import at_the_desk, theirs
from offhook.emulator.function.function import Limits
from offhook.emulator.function.provided import provided

OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
"""What says how this process runs, and must not reach another interpreter."""

_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$")


def variables(name: str, folder: Path, handler: str, limits: Limits) -> dict[str, str]:
    """What Lambda sets; what the desk provides; what `.env` in the function's folder says; what
    this process has.

    The later beats the earlier, as with dotenv, except for what Lambda reserves, and for
    credentials, of which it finds those that were asked for.
    """
    ours = provided()
    inherited = {k: value for k, value in theirs().items() if k not in ours and k not in OURS}
    chosen = {**ours, **read_env(folder / ".env"), **inherited, **limits.environment}
    return {
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        **at_the_desk(chosen, limits.region, limits.real_aws, limits.stand_ins),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(limits.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "desk",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": handler,
        "PYTHONUNBUFFERED": "1",
    }


def read_env(file: Path) -> Mapping[str, str]:
    """`KEY=value` lines, with or without `export` and quotes; `#` begins a comment."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return dict(_pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        key, value = found[1], found[2]
        quote = value[:1]
        if quote in ("'", '"') and quote in value[1:]:
            value = value[1 : value.index(quote, 1)]
            yield key, value.replace("\\n", "\n") if quote == '"' else value
        else:
            yield key, re.split(r"\s#", value)[0].strip()
