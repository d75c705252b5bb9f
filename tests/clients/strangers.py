"""Clients that no one here wrote, each in a process of its own that asks what it is told to."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape

from offhook.emulator.server.api.model import Operation, load_model
from tests.clients.conftest import CLIENTS

ASK: Final = Path(__file__).with_name("ask")
PYTHON: Final = str(CLIENTS / "bin" / "python")
OPERATIONS: Final = {xform_name(name): name for name in load_model().operations}


@dataclass(frozen=True)
class Kind:
    """A client, and how it spells what boto3 spells as AWS does."""

    command: Sequence[str]
    needs: Path
    """What is there where it is installed."""
    spells: Callable[[Shape | None, object], object] = lambda _shape, value: value
    reads: Callable[[Shape | None, object], object] = lambda _shape, value: value


class Stranger:
    """A client of a kind, with boto3's methods: what it answers is told in AWS's spelling."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.endpoint = ""
        keys = {"AWS_ACCESS_KEY_ID": "desk", "AWS_SECRET_ACCESS_KEY": "desk"}
        quiet = {"AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"}
        others = {
            name: value for name, value in os.environ.items() if name[:4] not in ("AWS_", "PYTH")
        }
        region = {"AWS_DEFAULT_REGION": "us-east-1", "CLIENTS": str(CLIENTS)}
        self._process = subprocess.Popen(
            kind.command,
            env=others | keys | quiet | region,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """There is no more to ask."""
        self._process.communicate()

    def __getattr__(self, method: str) -> Callable[..., Any]:
        operation = load_model().operations[OPERATIONS[method]]

        def ask(**asked: object) -> Any:
            return self._asks(operation, method, asked)

        return ask

    def _asks(self, operation: Operation, method: str, asked: Mapping[str, object]) -> Any:
        request = {
            "endpoint": self.endpoint,
            "service": operation.service,
            "operation": operation.name,
            "command": xform_name(operation.name, "-"),
            "method": method,
            "parameters": self._kind.spells(operation.model.input_shape, asked),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        assert "error" not in said, said
        assert said.get("status", operation.status) == operation.status
        return self._kind.reads(operation.model.output_shape, said["answer"])


def _snake(shape: Shape | None, value: object) -> object:
    """Names of members in snake case, at every depth; keys of maps as they are."""
    return _walked(shape, value, lambda name: name, xform_name)


def _aws(shape: Shape | None, value: object) -> object:
    """The other way."""
    return _walked(shape, value, xform_name, lambda name: name)


def _walked(
    shape: Shape | None, value: object, there: Callable[[str], str], here: Callable[[str], str]
) -> object:
    if isinstance(shape, StructureShape):
        fields = cast("Mapping[str, object]", value)
        return {
            here(name): _walked(member, fields[there(name)], there, here)
            for name, member in shape.members.items()
            if there(name) in fields
        }
    if isinstance(shape, ListShape):
        items = cast("Sequence[object]", value)
        return [_walked(shape.member, item, there, here) for item in items]
    return value


def _node(script: str, module: str) -> Kind:
    return Kind(["node", str(ASK / script)], CLIENTS / "node_modules" / module)


KINDS: Final[Mapping[str, Kind]] = {
    "AWS CLI": Kind([PYTHON, str(ASK / "aws_cli.py")], CLIENTS / "bin" / "aws"),
    "JavaScript v3": _node("javascript_v3.mjs", "@aws-sdk/client-chime-sdk-voice"),
    "JavaScript v2": _node("javascript_v2.cjs", "aws-sdk"),
    "capo": Kind([PYTHON, str(ASK / "capo.py")], CLIENTS / "bin" / "aws", _snake, _aws),
}
