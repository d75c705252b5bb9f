"""Settings of the configuration, written into its file: what else is there stays as it is."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from offhook.emulator.service.config_file import ConfigError, table_of

_SECTION: Final = re.compile(r"(?m)^\s*\[")


def write_settings(folder: Path, settings: Mapping[str, object]) -> Path:
    """Put these into `[tool.offhook.settings]` of pyproject.toml, or `[settings]` of offhook.toml:
    the file. Raises `ConfigError` where they stand there in a way that is not understood; then
    nothing is written, and the message says what to write."""
    project = folder / "pyproject.toml"
    is_project = table_of(folder)[0].endswith(str(project))
    file = project if is_project else folder / "offhook.toml"
    header = "[tool.offhook.settings]" if is_project else "[settings]"
    lines = {name: f"{name} = {json.dumps(value)}" for name, value in settings.items()}
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(_with(old, header, lines), encoding="utf-8")
    found: object = None
    with suppress(ConfigError):
        found = table_of(folder)[1].get("settings")
    is_table = isinstance(found, dict)
    stands: Mapping[str, object] = cast("Mapping[str, object]", found) if is_table else {}
    if any(stands.get(name) != value for name, value in settings.items()):
        file.write_text(old, encoding="utf-8")
        said = "\n".join([header, *lines.values()])
        raise ConfigError(f"{file} says its settings in another way: write there\n{said}")
    return file


def _with(text: str, header: str, lines: Mapping[str, str]) -> str:
    place = re.search(rf"(?m)^\s*{re.escape(header)}.*\n?", text)
    if place is None:
        before = text if not text or text.endswith("\n") else f"{text}\n"
        parted = "\n" if before else ""
        return f"{before}{parted}{header}\n" + "".join(f"{line}\n" for line in lines.values())
    end = _SECTION.search(text, place.end())
    body = text[place.end() : end.start() if end else len(text)]
    rest = text[end.start() :] if end else ""
    for name, line in lines.items():
        known = re.compile(rf"(?m)^\s*{name}\s*=.*$")
        found = known.search(body)
        before, after = (body[: found.start()], body[found.end() :]) if found else ("", f"\n{body}")
        body = f"{before}{line}{after}"
    start = text[: place.end()]
    return f"{start}{'' if start.endswith(chr(10)) else chr(10)}{body}{rest}"
