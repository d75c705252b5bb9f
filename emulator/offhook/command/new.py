"""Make a project of your own."""

import re
from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from offhook.handler.errors import OffhookError


class CannotMake(OffhookError):
    """The name or the place cannot be used."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its folder and its stack, as in front-desk")


def run(options: Namespace) -> int:
    """In a new folder here; it depends on the installed package. Raises `CannotMake`."""
    name: str = options.name
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,99}", name):
        raise CannotMake(
            f"{name!r} is no name for a project and its stack: use small letters, digits and "
            "hyphens, a letter first, as in front-desk"
        )
    folder = Path.cwd() / name
    if folder.exists():
        raise CannotMake(f"{folder} is there already: choose another name, or remove it")
    _copy(files("offhook.command") / "new_project", folder, name)
    print(f"{name}/ is made. Next:\n\n  cd {name}\n  make call\n  make test")
    return 0


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
