"""Say what the template lacks of what the flows need, with the lines to add."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from offhook.command.arguments import add_handler, desk_of
from offhook.command.deployed.lacking import functions_of, tell
from offhook.command.say import say
from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.lacking import FILES, stack_of


def add_arguments(parser: ArgumentParser) -> None:
    add_handler(parser)


def run(options: Namespace) -> int:
    """1 when something lacks. Raises `ConfigError`, `FunctionNotFound`."""
    desk = desk_of(options)
    functions = functions_of(desk)
    stacks = [stack for name in functions if (stack := stack_of(Path.cwd(), name))]
    if not stacks:
        raise FunctionNotFound(
            f"no function of {' or '.join(FILES)} here has the handler "
            f"{' or '.join(name.replace(':', '.') for name in functions)}"
        )
    if tell(desk):
        return 1
    for stack in stacks:
        say(f"{stack.template.file.name}: {stack.function} has all that its flows need")
    return 0
