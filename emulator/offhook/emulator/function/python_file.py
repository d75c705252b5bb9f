"""A Python file elsewhere: `../their-app/handler.py:lambda_handler`, in an interpreter of its own.

Their folder is first on the path and the current one, as in Lambda, so that their `handler.py` and
`utils.py` never meet ours. Whatever environment is beside their file runs it; else the one that
runs Offhook.
"""

import sys
from pathlib import Path

from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.variables import variables

BOOTSTRAP = Path(__file__).parent / "bootstraps" / "python_runtime.py"
VENVS = (".venv", "venv", "env")


def of_python_file(name: str, limits: Limits) -> Environments:
    """The function of a file. Raises `FunctionNotFound`, which says why."""
    file, attribute = find_file(name, "lambda_handler")
    return python_function(file, attribute, _task_root(file), limits)


def python_function(
    file: Path, attribute: str, root: Path, limits: Limits, home: Path | None = None
) -> Environments:
    """A function of a file, in the folder that Lambda would unpack; its interpreter is looked for
    from `home`, by default that folder."""
    module = ".".join(file.relative_to(root).with_suffix("").parts)
    handler = f"{module}.{attribute}"
    called = limits.name or root.name or "function"
    command = [str(interpreter(home or root)), str(BOOTSTRAP)]
    environment = variables(called, root, handler, limits)
    return Environments(Launch(called, command, root, handler, environment, limits))


def find_file(name: str, usual: str, *, nests: bool = False) -> tuple[Path, str]:
    """The file and the function's name in `path:function`, or `path:within.function` where it
    `nests`. Raises `FunctionNotFound`."""
    path, _, attribute = name.rpartition(":")
    file = Path(path).expanduser().resolve()
    parts = attribute.split(".") if nests else [attribute]
    if not all(part.isidentifier() for part in parts):
        raise FunctionNotFound(f"{name!r} names no function: write {path or name}:{usual}")
    if not file.is_file():
        beside = sorted(each.name for each in file.parent.glob(f"*{file.suffix}") if each.is_file())
        raise FunctionNotFound(
            f"{name!r}: there is no file {file}"
            + (f". Beside it there are {', '.join(beside[:8])}" if beside else "")
        )
    return file, attribute


def interpreter(folder: Path) -> Path:
    """The Python of the nearest environment, in the folder or above it within its repository."""
    for place in (folder, *folder.parents):
        for venv in VENVS:
            python = place / venv / "bin" / "python"
            if (place / venv / "pyvenv.cfg").is_file() and python.exists():
                return python
        if (place / ".git").exists():
            break
    return Path(sys.executable)


def _task_root(file: Path) -> Path:
    """The folder that Lambda would unpack: where the file is, or the outermost package's."""
    root = file.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    return root
