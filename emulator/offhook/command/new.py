"""`offhook new NAME`: a small project of one's own, which depends on the installed package."""

import re
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from offhook.handler.errors import OffhookError


class CannotMake(OffhookError):
    """The name or the place cannot be used."""


def make(name: str, parent: Path) -> Path:
    """Write the project into a new folder `name` of `parent`. Raises `CannotMake`."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,99}", name):
        raise CannotMake(
            f"{name!r} is no name for a project and its stack: use small letters, digits and "
            "hyphens, a letter first, as in front-desk"
        )
    folder = parent / name
    if folder.exists():
        raise CannotMake(f"{folder} is there already: choose another name, or remove it")
    _copy(files("offhook.command") / "new_project", folder, name)
    return folder


def _copy(source: Traversable, target: Path, name: str) -> None:
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                _copy(entry, target / entry.name, name)
            continue
        text = entry.read_text(encoding="utf-8")
        filled = text.replace("$name", name).replace("$version", version("offhook"))
        # Packages leave out dotted files.
        own_name = ".gitignore" if entry.name == "gitignore" else entry.name
        (target / own_name).write_text(filled, encoding="utf-8")
