"""A Node file: `../their-app/index.js:handler`, CommonJS or ES module, in a process of its own."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.python_file import find_file
from offhook.emulator.function.variables import variables

BOOTSTRAP = Path(__file__).parent / "bootstraps" / "node_runtime.mjs"
SDK_V2 = BOOTSTRAP.with_name("aws_sdk_v2.cjs")
"""Points the AWS SDK for JavaScript v2 to where the environment says."""


def of_node_file(name: str, limits: Limits) -> Environments:
    """The function of a file. Raises `FunctionNotFound`, which says why."""
    file, attribute = find_file(name, "handler", nests=True)
    if file.suffix in (".ts", ".mts", ".cts"):
        raise FunctionNotFound(
            f"{name!r} is TypeScript: compile it, and name the .js file that comes out"
        )
    return node_function(file, attribute, _task_root(file), limits)


def node_function(file: Path, attribute: str, root: Path, limits: Limits) -> Environments:
    """A function of a file, in the folder that Lambda would unpack. Raises `FunctionNotFound`."""
    node = shutil.which("node")
    if node is None:
        raise FunctionNotFound(
            f"{file} needs Node, and there is no `node` on the PATH: install Node 18 or newer"
        )
    handler = f"{file.relative_to(root).with_suffix('')}.{attribute}"
    called = limits.name or root.name or "function"
    environment = variables(called, root, handler, limits)
    preloaded = ["--require", str(SDK_V2)] if limits.aws_sdk_v2_endpoints else []
    options = _withheld(version(node), environment.get("NODE_OPTIONS", ""))
    command = [node, *options, *preloaded, str(BOOTSTRAP), str(file), attribute]
    return Environments(Launch(called, command, root, handler, environment, limits))


@cache
def version(node: str) -> tuple[int, ...]:
    """Its major and minor version; zeros where it does not say."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    return tuple(map(int, re.findall(rb"\d+", told.stdout)[:2])) or (0, 0)


def _withheld(version: tuple[int, ...], options: str) -> Iterator[str]:
    """What Lambda leaves out unless `NODE_OPTIONS` asks for it (Lambda guide: "Building Lambda
    functions with Node.js", experimental features): ES modules by `require`, and those that nothing
    says are such."""
    features = {
        "require-module": (20, 17) <= version < (21,) or version >= (22,),
        "detect-module": (22,) <= version < (23,),
    }
    for name, is_known in features.items():
        if is_known and f"--experimental-{name}" not in options:
            yield f"--no-experimental-{name}"


def _task_root(file: Path) -> Path:
    """The folder that Lambda would unpack: the nearest with a package.json, or the file's own."""
    for place in file.parents:
        if (place / "package.json").is_file():
            return place
        if (place / ".git").exists():
            break
    return file.parent
