"""A Node file: `../their-app/index.js:handler`, CommonJS or ES module, in a process of its own."""

import shutil
from pathlib import Path

from offhook.emulator.function import Limits
from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.in_process import FunctionNotFound
from offhook.emulator.function.python_file import find_file
from offhook.emulator.function.variables import variables

BOOTSTRAP = Path(__file__).parent / "bootstraps" / "node_runtime.mjs"


def of_node_file(name: str, limits: Limits) -> Environments:
    """The function of a file. Raises `FunctionNotFound`, which says why."""
    file, attribute = find_file(name, "handler")
    if file.suffix in (".ts", ".mts", ".cts"):
        raise FunctionNotFound(
            f"{name!r} is TypeScript: compile it, and name the .js file that comes out"
        )
    node = shutil.which("node")
    if node is None:
        raise FunctionNotFound(
            f"{name!r} needs Node, and there is no `node` on the PATH: install Node 18 or newer"
        )
    root = _task_root(file)
    handler = f"{file.relative_to(root).with_suffix('')}.{attribute}"
    called = root.name or "function"
    environment = variables(called, root, handler, limits)
    command = [node, str(BOOTSTRAP), str(file), attribute]
    return Environments(Launch(called, command, root, handler, environment, limits))


def _task_root(file: Path) -> Path:
    """The folder that Lambda would unpack: the nearest with a package.json, or the file's own."""
    for place in file.parents:
        if (place / "package.json").is_file():
            return place
        if (place / ".git").exists():
            break
    return file.parent
