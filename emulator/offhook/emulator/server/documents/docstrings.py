"""What is said of classes and of their fields, where it is written."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache


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
    (tree,) = ast.parse(inspect.getsource(of)).body
    assert isinstance(tree, ast.ClassDef)
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, words(text)
            case _:
                continue
