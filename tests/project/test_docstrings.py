"""What an editor shows on hover says something: of every public name, in words of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.project.test_house import ROOT, tree_of
from tests.project.test_rooms import modules
from tests.to_write import nothing_to_write

FEWEST_WORDS = 4
"""Three are a name said twice: "The call's id."."""


def docstrings(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[int, str]]:
    """The line and the words of each that is public: of classes, functions, fields, constants."""
    named = ""
    for node in tree.body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                named = ""
                if node.name.startswith("_"):
                    continue
                said = ast.get_docstring(node)
                if said is not None:
                    yield node.lineno, said
                if isinstance(node, ast.ClassDef):
                    yield from docstrings(node)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                named = name
            case ast.Expr(value=ast.Constant(value=str(said))) if named:
                if not named.startswith("_"):
                    yield node.lineno, said
                named = ""
            case _:
                named = ""


def too_short(file: Path) -> list[str]:
    """Those of a file that say too little."""
    found = docstrings(tree_of(file))
    return [f"{file}:{line} {said!r}" for line, said in found if len(said.split()) < FEWEST_WORDS]


def test_every_public_docstring_says_what_it_is() -> None:
    files = sorted({file for _, file in modules()} | set(_actions()))
    short = [one.removeprefix(f"{ROOT}/") for file in files for one in too_short(file)]
    says = f"say in {FEWEST_WORDS} words or more what it is: unit, bounds, what it raises"
    nothing_to_write(says, short)


def test_too_short_is_a_name_said_twice(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text(
        'class One:\n    """Of which there is only this."""\n\n    id: str\n    """The id."""\n\n'
        '    def go(self) -> None:\n        """Go."""\n\n'
        '    def _go(self) -> None:\n        """Go."""\n'
    )
    assert [one.partition(":")[2] for one in too_short(file)] == ["5 'The id.'", "7 'Go.'"]


def _actions() -> Iterator[Path]:
    """Those that `modules` leaves out: it says what is tested elsewhere."""
    for room in ("actions/offhook/actions", "emulator/offhook/emulator/behaviours"):
        yield from (ROOT / room).glob("*.py")
