"""How a Lambda function is reached: in this process, in one of its own, or over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

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
    """Seconds for one invocation; Lambda allows 1 to 900, and 3 unless told otherwise."""
    memory_mb: int = 512
    """Megabytes, as the function is told; it is not enforced here."""
    account: str = "123456789012"
    region: str = "us-east-1"
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables that the function gets beside those of this process."""

    def arn(self, name: str) -> str:
        """The ARN by which a function is called."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{name}"


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
    """
    limits = limits or Limits()
    if name.startswith(("http://", "https://")):
        from offhook.emulator.function.invoke_api import InvokeApi

        return InvokeApi(name, limits)
    if name.startswith("command:"):
        from offhook.emulator.function.command import of_command

        return of_command(name, limits)
    path, _, _attribute = name.rpartition(":")
    if path.endswith((".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")):
        from offhook.emulator.function.node import of_node_file

        return of_node_file(name, limits)
    if path.endswith(".py"):
        from offhook.emulator.function.python_file import of_python_file

        return of_python_file(name, limits)
    from offhook.emulator.function.in_process import load

    return load(name, cold=cold)
