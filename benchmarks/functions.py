"""One invocation of a function in a process of its own, against its runtime client driven bare."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, time

from benchmarks.table import Section, compared
from benchmarks.turns import Effort, Timed, take_turns
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.function import Function
from offhook.emulator.function.python_file import BOOTSTRAP
from offhook.emulator.function.reach import reach

HANDLER = """
def lambda_handler(event, context):
    return {"SchemaVersion": "1.0", "Actions": []}
"""
EVENT = Path("events/new_inbound_call/minimal.json")
INVOCATIONS = 200


def measure(effort: Effort) -> Section:
    """Both run the same bootstrap and handler."""
    event = EVENT.read_bytes()
    number = 1 if effort.is_once else INVOCATIONS
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "handler.py").write_text(HANDLER)
        function = reach(f"{folder}/handler.py:lambda_handler")
        with bare(folder) as invoke, closing(VirtualLoop()) as loop:
            try:
                found = take_turns(
                    {
                        "ours": ours(loop, function, event, number),
                        "bare": timed(invoke, event, number),
                    },
                    effort.turns,
                )
            finally:
                function.close()
    return Section(
        "One warm invocation of a Python file in an interpreter of its own",
        [compared("the runtime client, driven bare", found["ours"], found["bare"], aim=1.3)],
        "Bare: one blocking socket that hands out the event and takes the reply, no checks, no "
        "time limit, no log. Ours: the event and the reply as JSON, from a call in virtual time.",
    )


def ours(loop: VirtualLoop, function: Function, event: bytes, number: int) -> Timed:
    """From the loop of a call."""
    told: dict[str, object] = json.loads(event)

    async def several() -> float:
        await function.invoke(told)
        began = perf_counter()
        for _ in range(number):
            await function.invoke(told)
        return (perf_counter() - began) / number

    def run() -> float:
        task = loop.create_task(several())
        task.add_done_callback(lambda _: loop.noticed())
        loop.run(task.done)
        return task.result()

    return run


def timed(invoke: "Bare", event: bytes, number: int) -> Timed:
    """The same number of times, one after the other."""

    def run() -> float:
        invoke.once(event)
        began = perf_counter()
        for _ in range(number):
            invoke.once(event)
        return (perf_counter() - began) / number

    return run


class Bare:
    """The least that a runtime client needs to go on."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._connection: socket.socket | None = None

    def once(self, event: bytes) -> object:
        """Hand out an event, and take the reply."""
        self._read("GET")
        head = (
            "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\n"
            "Lambda-Runtime-Deadline-Ms: 9999999999999\r\n"
            f"Lambda-Runtime-Trace-Id: Root=1-{int(time()):08x}-{'0' * 24}\r\n"
            "Lambda-Runtime-Invoked-Function-Arn: arn\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(event)}\r\n\r\n"
        )
        self._send(head.encode() + event)
        body = self._read("POST")
        self._send(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        return json.loads(body)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def _send(self, data: bytes) -> None:
        assert self._connection is not None
        self._connection.sendall(data)

    def _read(self, method: str) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(method.encode()), head
        length = next(
            (
                int(line.partition(b":")[2])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        while len(body) < length:
            body += self._receive()
        return body

    def _receive(self) -> bytes:
        while True:
            if self._connection is None:
                self._connection, _ = self._listener.accept()
            data = self._connection.recv(65536)
            if data:
                return data
            self._connection.close()
            self._connection = None


@contextmanager
def bare(folder: Path) -> Generator[Bare]:
    """The bootstrap in a process, and the other end of its connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)  # a process that has ended connects no more
        environment = {
            **os.environ,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{listener.getsockname()[1]}",
            "_HANDLER": "handler.lambda_handler",
            "AWS_LAMBDA_FUNCTION_NAME": "bare",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_LOG_GROUP_NAME": "bare",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bare",
        }
        process = subprocess.Popen(
            [sys.executable, str(BOOTSTRAP)], cwd=folder, env=environment, stdout=subprocess.DEVNULL
        )
        driven = Bare(listener)
        try:
            yield driven
        finally:
            process.kill()
            process.wait()
            driven.close()
