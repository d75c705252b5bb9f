"""Versions of the flows: their source with words, keys, lengths or models edited, as authors do."""

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

from offhook.handler import Router

HERE = Path(__file__).parents[2] / "flows"

Edit: TypeAlias = Callable[[ast.AST], None]

NUMBERS = {"repeat": 2, "attempts": 2, "repeat_duration_in_milliseconds": 4_000}
RETYPED = {"when": "int", "outcome": "int", "number": "int", "meeting_id": "list[int]"}


class Words(ast.NodeVisitor):
    """All that is said is said otherwise; or only the nth of it."""

    def __init__(self, only: int | None = None) -> None:
        self.only = only
        self.found = 0

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # that is a docstring
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and re.search(r"^[A-Z].* |[a-z][.?]\s*$", node.value):
            if self.only in (None, self.found):
                node.value = f"Once more: {node.value}"
            self.found += 1


class Keys(ast.NodeVisitor):
    """Each key is another one: in options, conditions and expressions."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.keys = str.maketrans(dict(keys))

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "option":
            self._changes(node.args[0])
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg in ("digits", "input_digits_regex"):
            self._changes(node.value)

    def _changes(self, node: ast.expr) -> None:
        assert isinstance(node, ast.Constant)
        node.value = str(node.value).translate(self.keys)


class Lengths(ast.NodeVisitor):
    """How often is asked, and how long is waited."""

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg in NUMBERS:
            node.value = ast.Constant(NUMBERS[node.arg])


def words(tree: ast.AST) -> None:
    """Other words."""
    Words().visit(tree)


def other_keys(tree: ast.AST) -> None:
    """Keys that meant nothing before."""
    Keys({"0": "9", "1": "4", "2": "5"}).visit(tree)


def swapped_keys(tree: ast.AST) -> None:
    """What was 1 is 2."""
    Keys({"1": "2", "2": "1"}).visit(tree)


def everything(tree: ast.AST) -> None:
    """Words, keys, lengths."""
    Lengths().visit(tree)
    swapped_keys(tree)
    words(tree)


def _models(tree: ast.AST) -> list[ast.ClassDef]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [each for each in classes if "BaseModel" in map(ast.unparse, each.bases)]


def _fields(model: ast.ClassDef) -> list[ast.AnnAssign]:
    return [node for node in model.body if isinstance(node, ast.AnnAssign)]


def added(tree: ast.AST) -> None:
    """A field with a default."""
    for model in _models(tree):
        model.body += ast.parse("more: int = 0").body


def needed(tree: ast.AST) -> None:
    """A field without."""
    for model in _models(tree):
        model.body.insert(1, *ast.parse("needed: int").body)


def retyped(tree: ast.AST) -> None:
    """Fields that are of other types, with defaults where they had some."""
    for field in (field for model in _models(tree) for field in _fields(model)):
        if (kind := RETYPED.get(ast.unparse(field.target))) is not None:
            field.annotation = ast.parse(kind, mode="eval").body
            if field.value is not None:
                field.value = ast.parse(f"{kind}()", mode="eval").body


def removed(tree: ast.AST) -> None:
    """The last field is no more."""
    for model in _models(tree):
        model.body.remove(_fields(model)[-1])


WORDS: tuple[Edit, ...] = (words,)
KEYS: tuple[Edit, ...] = (other_keys, swapped_keys, everything)
MODELS: tuple[Edit, ...] = (added, needed, retyped, removed)


@cache
def one_text(nth: int) -> Edit:
    """Other words for one text."""
    return lambda tree: Words(nth).visit(tree)


def texts(flow: str) -> int:
    """How many texts a flow has."""
    count = Words(-1)
    count.visit(ast.parse((HERE / f"{flow}.py").read_text()))
    return count.found


@cache
def source(flow: str, edit: Edit | None = None) -> str:
    """The source of a flow, edited."""
    tree = ast.parse((HERE / f"{flow}.py").read_text())
    if edit is not None:
        edit(tree)
    return ast.unparse(ast.fix_missing_locations(tree))


@cache
def version(flow: str, edit: Edit | None = None) -> Router:
    """The router of a flow, as if this had been edited."""
    module: dict[str, object] = {"__name__": f"flows.{flow}"}
    exec(compile(source(flow, edit), f"{flow}.py", "exec"), module)
    return cast("Router", module["router"])
