"""What the code of a function needs of the stack that it is deployed with, as its source says."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

PROMPTS, RECORDINGS = "OFFHOOK_PROMPTS_BUCKET", "OFFHOOK_RECORDINGS_BUCKET"
LEDGER, DELIVERIES = "OFFHOOK_LEDGER", "OFFHOOK_DELIVERIES"
PLACES: Final[Mapping[tuple[str, str], str]] = {
    ("", "audio_source"): PROMPTS,
    ("", "failure_audio_source"): PROMPTS,
    ("CallAndBridge", "ringback_tone"): PROMPTS,
    ("RecordAudio", "recording_destination"): RECORDINGS,
    ("StartCallRecording", "destination"): RECORDINGS,
}
"""Fields that are a key or a prefix in the default bucket, unless they begin with `s3://`: the
action (any, without one), the field, and the variable that names the bucket."""
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "calls": (LEDGER, "no call can be started without it"),
    "follow": (LEDGER, "follow tells nobody anything without it"),
    "live": (LEDGER, "no call that came in is found without it"),
    "once": (DELIVERIES, "what is marked @once may happen twice without it"),
}
"""What `offhook.handler` has that keeps something in a table: the variable that names it, and why.
"""
LAMBDAS: Final = ("AWS_", "LAMBDA_", "_HANDLER", "TZ", "PATH", "HOME", "LANG")
"""How the variables begin that Lambda sets."""


class Need(NamedTuple):
    """A variable without which something fails."""

    variable: str
    where: str
    """The file and the line that needs it."""
    why: str


def needs(folder: Path, module: str) -> dict[str, Need]:
    """What a module needs, and what it imports of the same folder: each variable once, where it is
    first needed."""
    sources = dict(_modules(folder, module))
    texts = {
        target.id: node.value
        for tree, *_ in sources.values()
        if isinstance(tree, ast.Module)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: dict[str, Need] = {}
    for file, nodes in sources.items():
        for line, variable, why in _of(nodes, texts):
            where = f"{file.relative_to(folder).as_posix()}:{line}"
            found.setdefault(variable, Need(variable, where, why))
    return found


def imports(folder: Path, module: str, name: str) -> bool:
    """Whether a module, or one of the same folder that it imports, has a name of
    `offhook.handler`."""
    return any(name in _from_handler(nodes) for _, nodes in _modules(folder, module))


def _modules(folder: Path, module: str) -> Iterator[tuple[Path, Sequence[ast.AST]]]:
    """Files, from a module on along its imports, each with all that is in it, the module itself
    first. What cannot be read says so when it runs."""
    waiting, seen = [module], set[Path]()
    while waiting:
        path = folder.joinpath(*waiting.pop(0).split("."))
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file in seen or not file.is_file():
                continue
            seen.add(file)
            try:
                nodes = [*ast.walk(ast.parse(file.read_bytes()))]
            except (OSError, ValueError, SyntaxError):
                continue
            yield file, nodes
            package = ".".join(file.parent.relative_to(folder).parts)
            for node in nodes:
                waiting += _imported(node, package)


def _imported(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    base = ".".join(filter(None, (*above, node.module)))
    return [base, *(f"{base}.{alias.name}" for alias in node.names)]


def _of(nodes: Sequence[ast.AST], texts: Mapping[str, ast.expr]) -> Iterator[tuple[int, str, str]]:
    for name, line in _from_handler(nodes).items():
        if name in NAMES:
            variable, why = NAMES[name]
            yield line, variable, why
    for node in nodes:
        if isinstance(node, ast.Call):
            yield from _of_call(node, texts)
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and _last(node.value) == "environ"
            and (name := _text(node.slice))
            and not name.startswith(LAMBDAS)
        ):
            yield node.lineno, name, f"os.environ[{name!r}] fails"


def _of_call(node: ast.Call, texts: Mapping[str, ast.expr]) -> Iterator[tuple[int, str, str]]:
    action = _last(node.func)
    for keyword in node.keywords:
        field = keyword.arg or ""
        variable = PLACES.get((action, field)) or PLACES.get(("", field))
        place = keyword.value
        for _ in range(8):
            place = texts.get(place.id, place) if isinstance(place, ast.Name) else place
        begins = _begins(place) if variable else None
        if variable and begins is not None and not begins.startswith("s3://"):
            yield (
                keyword.value.lineno,
                variable,
                f"{field}={ast.unparse(place)} is in the default bucket: callers hear the apology",
            )


def _from_handler(nodes: Sequence[ast.AST]) -> dict[str, int]:
    """The names that are imported from `offhook.handler`, and where."""
    return {
        alias.name: node.lineno
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "offhook.handler"
        for alias in node.names
    }


def _begins(node: ast.expr) -> str | None:
    """How a text begins; `None` where the source does not say."""
    while isinstance(node, ast.JoinedStr | ast.BinOp):
        node = (
            node.left if isinstance(node, ast.BinOp) else next(iter(node.values), ast.Constant(""))
        )
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None


def _text(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _last(node: ast.expr) -> str:
    """`environ` of `os.environ`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
