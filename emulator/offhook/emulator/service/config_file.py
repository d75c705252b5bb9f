"""The file that has the configuration: `[tool.offhook]` of pyproject.toml, else offhook.toml."""

import tomllib
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from offhook.handler.errors import OffhookError

NO_NUMBER: Final = (
    "no number of ours is configured: name a function (--handler module:function; with make: "
    "HANDLER=module:function), or write [[tool.offhook.sip_media_applications]] with numbers and "
    "function into pyproject.toml"
)


class ConfigError(OffhookError):
    """The configuration of the desk cannot be used."""


class NoNumber(ConfigError):
    """No number of ours is configured here, and nothing says which function there is."""

    def __init__(self) -> None:
        super().__init__(NO_NUMBER + _elsewhere())


def table_of(folder: Path) -> tuple[str, dict[str, object]]:
    """What it says, and where that stands. Raises `ConfigError`."""
    project = folder / "pyproject.toml"
    tool = _read(project).get("tool")
    desk = cast("dict[str, object]", tool).get("offhook") if isinstance(tool, dict) else None
    if desk is None:
        return str(folder / "offhook.toml"), deepcopy(_read(folder / "offhook.toml"))
    if not isinstance(desk, dict):
        raise ConfigError(f"{project}: offhook must be a table: write [tool.offhook]")
    return f"[tool.offhook] of {project}", deepcopy(cast("dict[str, object]", desk))


def _elsewhere() -> str:
    """Which configuration was meant, where somebody is in a folder below its own."""
    for folder in Path.cwd().parents:
        try:
            source, table = table_of(folder)
        except ConfigError:
            continue
        if table:
            return f". There is {source}, which is read in {folder}: go there"
    return ""


def _read(file: Path) -> dict[str, object]:
    try:
        return _parsed(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not TOML: save it as UTF-8 ({error.reason})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, object]:
    """Each test that has a desk reads the same file, which takes longer than many a call."""
    return tomllib.loads(text)
