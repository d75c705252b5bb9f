"""Tests have the rooms of the code: each module has a test of its name, or one that names it.

It is named where it is imported, or where the docstring of a file says what it is about: with a
`*`, each module of a room.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from offhook.actions import action_types
from offhook.actions.base import snake_case
from tests.project.test_house import CODE, ROOT, tree_of
from tests.to_write import nothing_to_write

ROOTS = ("actions", "handler", "emulator")
MAP = ROOT / "docs/building.md"
NEW_PROJECT = ROOT / "emulator/offhook/command/new_project"
"""What `offhook new` writes is tested where it is written."""

OF_AN_ACTION = {snake_case(action) for action in action_types()}
"""An action, and how it is performed: tests/project/test_actions.py says what each has to have."""


def modules() -> Iterator[tuple[str, Path]]:
    """The name and the file of each that does something."""
    for file in CODE:
        root = next((ROOT / root for root in ROOTS if file.is_relative_to(ROOT / root)), None)
        if root is None or file.is_relative_to(NEW_PROJECT) or file.stem in OF_AN_ACTION:
            continue
        if file.name == "__init__.py" and _only_hands_on(file):
            continue
        yield _name(file.relative_to(root)), file


@cache
def _only_hands_on(file: Path) -> bool:
    """Whether it says where things are, and makes none."""
    made = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    parts = tree_of(file).body
    return not any(isinstance(part, made) and part.name != "__getattr__" for part in parts)


def _name(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Stories(NamedTuple):
    """A file that has tests or stories in it."""

    file: Path
    about: list[str]
    imported: set[str]


@cache
def stories() -> list[Stories]:
    """Each file of them."""
    files = [file for file in CODE if file.is_relative_to(ROOT / "tests")]
    read = ((file, tree_of(file)) for file in files)
    return [Stories(file, about(tree), {*imported(tree)}) for file, tree in read if _tells(tree)]


def _tells(tree: ast.Module) -> bool:
    return any(isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in tree.body)


def about(tree: ast.Module) -> list[str]:
    """The modules that the docstring of a file names."""
    return re.findall(r"`(offhook\.(?!toml)[\w.*]+)`", ast.get_docstring(tree) or "")


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a file says it is about, and those that it takes something from: where it
    is, and where it was made."""
    yield from about(tree)
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("offhook"):
            for alias in node.names:
                yield str(node.module)
                yield f"{node.module}.{alias.name}"
                yield _made_in(str(node.module), alias.name)


def statements(within: ast.AST) -> Iterator[ast.AST]:
    """Each, wherever it stands: no expression is looked into, which are nine tenths of a tree."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(within, name, ()):
            yield node
            yield from statements(node)


@cache
def _made_in(module: str, name: str) -> str:
    thing = getattr(import_module(module), name, None)
    return str(getattr(thing, "__module__", ""))


def _is_named(module: str, named: set[str]) -> bool:
    return module in named or f"{module.rpartition('.')[0]}.*" in named


def test_every_module_has_a_test() -> None:
    named = {name for its in stories() for name in its.imported}
    rooms = {(its.file.parent, its.file.stem.removeprefix("test_")) for its in stories()}
    missing = [
        f"{file.relative_to(ROOT)}: write {room.relative_to(ROOT)}/test_{file.stem}.py, a story "
        f"that goes wrong without it; or say in a test that is about it: About `{name}`."
        for name, file in modules()
        for room in [ROOT / "tests" / Path(*name.split(".")[1:-1])]
        if not _is_named(name, named) and (room, file.stem) not in rooms
    ]
    assert not missing, "\n".join(missing)


def test_the_emulator_is_rooms_and_a_few_loose_files() -> None:
    loose = sorted(file.name for file in (ROOT / "emulator/offhook/emulator").glob("*.py"))
    assert len(loose) <= 6, f"put one of {', '.join(loose)} into the room that it belongs to"


def test_the_map_for_builders_has_every_room_and_no_other() -> None:
    table = re.findall(r"^\| `(\w[\w/]*/)` \|", MAP.read_text(encoding="utf-8"), re.MULTILINE)
    packages = ("handler", "emulator", "production")
    rooms = {
        f"{folder.relative_to(ROOT).as_posix()}/"
        for root in ROOTS
        for package in (ROOT / root / "offhook").iterdir()
        for folder in (package, *(package.iterdir() if package.name in packages else ()))
        if (folder / "__init__.py").exists()
    }
    rooms -= {f"emulator/offhook/{package}/" for package in packages}  # rooms and nothing else
    nothing_to_write(
        "docs/building.md, in the table of The map:",
        (
            *(f"a row for `{room}`" for room in sorted(rooms - {*table})),
            *(f"no row for `{room}`: it is gone" for room in table if not (ROOT / room).is_dir()),
        ),
    )


def test_what_a_test_is_about_is_there() -> None:
    there = {name for name, _ in modules()}
    there |= {f"{name.rpartition('.')[0]}.*" for name in there}
    gone = [
        f"{its.file.relative_to(ROOT)}: {name}"
        for its in stories()
        for name in its.about
        if name not in there
    ]
    assert gone == [], "these modules have gone, or moved: name what the test is about now"
