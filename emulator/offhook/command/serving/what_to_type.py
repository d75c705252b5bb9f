"""What `offhook local` prints: commands that work as they stand there."""

import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CALLEE: Final = "+15550100199"
"""Answers after two seconds, as everybody at the desk does unless told otherwise."""
PREMIUM: Final = "+19005550100"
"""A number of a kind that is never dialled."""
UNWILLING: Final = "+15550100198"
"""Somebody who does not want to be called."""
CURL: Final = "curl -sw '\\n'"
"""It says nothing of its own, and ends the line."""
WIDTH: Final = 110
"""Characters of a line of variables, roughly."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """The call that the commands make."""

    from_: str
    arguments: Mapping[str, str]
    update: Mapping[str, str]
    """The arguments of its redirection."""

    def call(self, to: str = CALLEE) -> dict[str, object]:
        """As StartCall takes it."""
        fields: dict[str, object] = {"to_phone_number": to, "from_phone_number": self.from_}
        return {**fields, "arguments_map": dict(self.arguments)} if self.arguments else fields


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where everything is: the URLs that are printed."""

    service: str
    trigger: str
    aws: str
    queue: str
    dead_letters: str
    variables: Mapping[str, str]


def what_to_type(places: Places, example: Example) -> str:
    """The greeting: where everything is, and how to use it."""
    lines = [
        f"The trigger is at {places.trigger}, the service at {places.service},",
        f"its ledger and its queue at {places.aws}.",
        f"What can be asked of it is a page: {places.service}/_offhook/documents/trigger",
        "Ctrl-C ends all of it. In another shell, in this folder:",
    ]
    for title, commands in _sections(places, example):
        lines += ["", f"{title}:", "", *(f"    {command}" for command in commands)]
    return "\n".join([*lines, ""])


def _sections(places: Places, example: Example) -> Iterator[tuple[str, Sequence[str]]]:
    call = f"{places.trigger}/calls/appointment-4711"
    other = f"{places.trigger}/calls/appointment-4712"
    dead = f"--queue-url {places.dead_letters}"
    # AWS CLI 1 does not look at AWS_ENDPOINT_URL_SQS.
    sqs, scan = (f"aws {what} --endpoint-url {places.aws}" for what in ("sqs", "dynamodb scan"))
    yield (
        "Start a call (the same once more does not dial again, but tells of it)",
        [_curl("PUT", call, example.call())],
    )
    yield (
        "Redirect it while it is up",
        [_curl("PATCH", call, {"arguments": dict(example.update)})],
    )
    yield (
        "See what became of it, and its ladder",
        [f"{CURL} {call}", f"{CURL} {places.service}/_offhook/calls/latest/ladder"],
    )
    leg = f"{places.service}/_offhook/calls/latest/legs/LEG-A"
    yield (
        "Press 1 as whoever is called, once they have answered",
        [_curl("POST", leg, {"Do": "press", "Keys": "1"})],
    )
    yield "End it, or never start it", [_curl("DELETE", call)]
    yield (
        "See what the dial policy refuses: this is a premium number",
        [_curl("PUT", other, example.call(PREMIUM))],
    )
    yield "For the AWS CLI and for Python, once in that shell", _exports(places.variables)
    yield (
        "Put a call into the queue, and one that becomes a dead letter (pipx install awscli)",
        [
            f"{sqs} send-message {_message(places, 'appointment-4713', example.call())}",
            f"{sqs} send-message {_message(places, 'appointment-4714', example.call(PREMIUM))}",
            f"{sqs} receive-message {dead} --message-attribute-names All --wait-time-seconds 10",
        ],
    )
    yield "See what the ledger holds", [f"{scan} --table-name $OFFHOOK_LEDGER"]
    yield (
        "Start a call from Python, ask for it, and never call somebody",
        [
            _python(_start("appointment-4715", example)),
            _python('print(calls.outcome("appointment-4715"))'),
            _python(f'calls.do_not_call("{UNWILLING}")'),
        ],
    )


def _curl(method: str, url: str, body: object = None) -> str:
    command = f"{CURL} -X {method} {url}"
    if body is None:
        return command
    return f"{command} -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}"


def _exports(variables: Mapping[str, str]) -> Sequence[str]:
    """A few to a line."""
    lines = ["export"]
    for name, value in variables.items():
        one = f" {name}={shlex.quote(value)}"
        if len(lines[-1] + one) > WIDTH:
            lines.append("export")
        lines[-1] += one
    return lines


def _message(places: Places, key: str, call: Mapping[str, object]) -> str:
    message = json.dumps({"operation": "start", "key": key, **call})
    return f"--queue-url {places.queue} --message-body {shlex.quote(message)}"


def _python(code: str) -> str:
    here = Path(sys.executable)
    python = here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here
    whole = f"from offhook.handler import calls; {code}"
    return f"{shlex.quote(str(python))} -c {shlex.quote(whole)}"


def _start(key: str, example: Example) -> str:
    given = ", ".join(f"{name}={json.dumps(value)}" for name, value in example.call().items())
    return f'print(calls.start(key="{key}", {given}))'
