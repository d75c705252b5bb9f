"""Says what a template lacks of what the flows need, with the lines of ours that mend it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from offhook.command.deployed.our_template import ours
from offhook.command.say import complain
from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.lacking import Lack, lacks
from offhook.emulator.service.config import Desk


def tell(desk: Desk) -> bool:
    """Say on the standard error what is lacking of the desk's functions; whether something is. A
    template that is none of ours to read is not looked at."""
    found: list[Lack] = []
    for name in functions_of(desk):
        with suppress(FunctionNotFound):
            found += lacks(Path.cwd(), name)
    for lack in found:
        complain(_told(lack))
    return bool(found)


def functions_of(desk: Desk) -> list[str]:
    """The functions behind its numbers."""
    return list(dict.fromkeys(desk.named(app.function)[0] for app in desk.sip_media_applications))


def _told(lack: Lack) -> str:
    """What is lacking, and the lines to add."""
    return "\n".join([lack.says, *_lines(lack)]).rstrip() + "\n"


def _lines(lack: Lack) -> Iterator[str]:
    template = ours()
    if lack.variable:
        line = re.search(rf"(?m)^ *({re.escape(lack.variable)}: .*)$", template)
        said = line[1] if line else f"{lack.variable}: ..."
        yield f"\nAdd, to Environment: Variables of {lack.function}:\n\n    {said}"
    if lack.statement:
        statements = re.findall(r"(?m)^ {14}- Effect: Allow\n(?: {16}.*\n)+", template)
        found = next(each for each in statements if f"{lack.statement}.Arn\n" in each)
        yield f"\nAdd, to the statements of its role:\n\n{found}"
    if lack.resources:
        yield "\nAdd, to Resources:\n"
    for name in lack.resources:
        block = re.search(rf"(?m)^  {name}:\n(    .*\n)+", template)
        assert block is not None
        called = block[0].replace("CallFunction.Alias", f"CallFunction{lack.alias}")
        yield _alone(called).replace("CallFunction", lack.function)


def _alone(block: str) -> str:
    """A resource that needs neither the conditions nor the mappings of our template."""
    block = re.sub(r"!If \[IsProd, (\w+), \w+\]", r"\1", block)
    return re.sub(r"!FindInMap \[Stages, .*\]", "30", block)
