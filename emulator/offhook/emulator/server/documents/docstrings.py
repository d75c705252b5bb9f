"""What is said of classes and of their fields, where it is written."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise


@cache
def docs(of: type) -> Mapping[str, str]:
    """The docstring under each field, by its Python name."""
    found: dict[str, str] = {}
    for base in reversed(of.__mro__):
        if base.__module__.startswith("offhook.") and "[" not in base.__name__:
            found.update(_docstrings(base))
    return found


def words(text: str | None) -> str:
    """A docstring as one line."""
    return " ".join((text or "").split())


def _docstrings(of: type) -> Iterator[tuple[str, str]]:
    body = _classes(of.__module__)[of.__name__].body
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, words(text)
            case _:
                continue


@cache
def _classes(module: str) -> Mapping[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
