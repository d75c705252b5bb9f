"""How a Lambda function is reached: in this process, in one of its own, or over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from offhook.handler.errors import OffhookError

Failure: TypeAlias = Literal[
    "function", "throttled", "denied", "refused", "unreachable", "timed_out"
]
"""What went wrong: `function` is the code's own fault (FunctionError); `throttled` (429), `denied`
(403) and `refused` (any other 4XX) are Lambda's answers; `unreachable` is no answer at all, and
`timed_out` none in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one invocation."""

    reply: object = None
    """What the function returned, as JSON."""
    error: str = ""
    """Why it returned nothing: `ErrorType: message`; empty when it did."""
    failure: Failure = "function"
    """What kind of error it is, where there is one."""
    log: str = ""
    """What the function wrote to its standard output and error, as far as we can see it."""
    seconds: float = 0.0
    """How long it took by the wall clock, its start included."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What Lambda is configured to give a function, and what it says of itself in the context."""

    timeout: float = 20.0
    """Seconds for one invocation; Lambda allows 1 to 900, and 3 unless told otherwise. The service
    waits no longer than 20."""
    memory_mb: int = 512
    """Megabytes, as the function is told; it is not enforced here."""
    account: str = "123456789012"
    region: str = "us-east-1"
    environment: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """Variables that the function gets beside those of this process."""
    name: str = ""
    """What it is called in Lambda; by default, after where its code is."""

    def arn(self, name: str) -> str:
        """The ARN by which a function is called."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{name}"


TEMPLATES = (".yaml", ".yml", ".json", ".template")
"""How a file is called that says what is to be deployed."""


URLS = ("http://", "https://")
NODE_FILES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
FILES = (".py", *NODE_FILES, *TEMPLATES)
"""How a file is called that has a function, or says where one is."""


class FunctionNotFound(OffhookError):
    """There is no such function; the message says what there is, or what to write."""


class Function(Protocol):
    """A Lambda function that can be invoked with an event."""

    async def invoke(self, event: Mapping[str, object]) -> Answer:
        """Run the function to its end. Never raises."""
        ...

    def close(self) -> None:
        """End everything that was started for it. It may be invoked again later."""
        ...


def reach(name: str, limits: Limits | None = None, *, cold: bool = False) -> Function:
    """The function behind a name, by the name's shape. Raises `FunctionNotFound`.

    - `module:function`: in this process; `cold` imports it afresh
    - `../app/handler.py:function`: a Python file, in an interpreter of its own
    - `../app/index.js:handler` (or `.mjs`, `.cjs`): a Node file, in a process of its own
    - `command: ./bootstrap ...`: any command that speaks the Lambda Runtime API
    - `http://host:port` or `http://host:port/2015-03-31/functions/NAME/invocations`: a URL that
      speaks the Lambda Invoke API
    - `template.yaml:CallFunction`: what a template of SAM or CloudFormation says of it
    """
    limits = limits or Limits()
    if name.startswith(URLS):
        from offhook.emulator.function.invoke_api import InvokeApi

        return InvokeApi(name, limits)
    if name.startswith("command:"):
        from offhook.emulator.function.command import of_command

        return of_command(name, limits)
    if name.startswith("arn:"):
        raise FunctionNotFound(
            f"nothing here stands for {name}: write into [tool.offhook.functions] "
            f'{called(name)} = "module:function", or any other name of a function'
        )
    path = name.rpartition(":")[0] or name
    if path.endswith(TEMPLATES):
        from offhook.emulator.function.template import of_template

        return of_template(name, limits)
    if path.endswith(NODE_FILES):
        from offhook.emulator.function.node import of_node_file

        return of_node_file(name, limits)
    if path.endswith(".py"):
        from offhook.emulator.function.python_file import of_python_file

        return of_python_file(name, limits)
    _check_spelling(name)
    from offhook.emulator.function.in_process import load

    return load(name, limits, cold=cold)


def _check_spelling(name: str) -> None:
    """Raises `FunctionNotFound` for `index.handler`, which is how Lambda writes it."""
    stem, _, attribute = name.rpartition(".")
    for suffix in (".py", *NODE_FILES[:3]):
        for file in (f"{stem}{suffix}", f"{stem.replace('.', '/')}{suffix}"):
            if stem and ":" not in name and Path(file).is_file():
                raise FunctionNotFound(
                    f"{name!r} is how Lambda writes it: write {file}:{attribute}"
                )


def runs_here(name: str) -> bool:
    """Whether a name is `module:function`, which runs in this process."""
    path = name.rpartition(":")[0] or name
    return not (name.startswith((*URLS, "command:", "arn:")) or path.endswith(FILES))


def called(arn: str) -> str:
    """The name of a function in its ARN, without a version or an alias."""
    return arn.partition(":function:")[2].partition(":")[0]
