"""A function behind any command that speaks the Lambda Runtime API: `command: ./bootstrap`."""

import shlex
import shutil
from pathlib import Path

from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.variables import variables


def of_command(name: str, limits: Limits) -> Environments:
    """The function that a command runs, started in this folder. Raises `FunctionNotFound`."""
    try:
        command = shlex.split(name.removeprefix("command:"))
    except ValueError as error:
        raise FunctionNotFound(f"{name!r}: {error}. Quote it as for a shell") from None
    if not command:
        raise FunctionNotFound(
            f"{name!r} names no command: write one that speaks the Lambda Runtime API, as in "
            "command: ./bootstrap"
        )
    if shutil.which(command[0]) is None:
        raise FunctionNotFound(f"{name!r}: there is no program {command[0]!r} to run")
    folder = Path.cwd()
    handler = command[-1]
    called = limits.name or Path(command[0]).stem
    return Environments(
        Launch(called, command, folder, handler, variables(called, folder, handler, limits), limits)
    )
