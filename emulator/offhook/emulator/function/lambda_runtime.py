"""One invocation in AWS's own Lambda runtime: its runtime emulator and its Python client.

The SAM CLI's wheel carries `aws-lambda-rie`, a Linux program. It starts `awslambdaric`, which runs
the handler as Lambda does; both listen on loopback only, and end with the invocation.
"""

import http.client
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

from offhook.emulator.function.credentials import at_the_desk, theirs
from offhook.emulator.function.function import Limits
from offhook.handler.errors import OffhookError

TIMEOUT_SECONDS = 20
"""What the template gives the function."""
MEMORY_MB = 512


class CannotInvoke(OffhookError):
    """The runtime emulator, the event or the handler is not there."""


@dataclass(frozen=True)
class Invocation:
    """What came of it."""

    reply: object
    log: str
    """What the runtime and the function wrote."""

    @property
    def own_log(self) -> str:
        """The log without the runtime emulator's own chatter."""
        lines = self.log.splitlines()
        return "\n".join(line for line in lines if "(rapid)" not in line and line.strip())

    @property
    def init_ms(self) -> float | None:
        """How long the start took: imports, mostly."""
        return _milliseconds(r"INIT REPORT\(durationMs: ([\d.]+)\)", self.log)

    @property
    def duration_ms(self) -> float | None:
        """How long the handler took."""
        return _milliseconds(r"INVOKE RTDONE\(.*duration: ([\d.]+)ms\)", self.log)

    @property
    def failed(self) -> bool:
        """Whether the function raised, timed out or did not load. Errors come with HTTP 200."""
        return isinstance(self.reply, dict) and "errorType" in cast("dict[str, object]", self.reply)


def read_event(path: Path) -> bytes:
    """The JSON of an event file. Raises `CannotInvoke`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotInvoke(f"there is no event {path}: {error.strerror}. Look in events/") from None
    try:
        json.loads(content)
    except ValueError as error:
        raise CannotInvoke(f"{path} is not JSON: {error}") from None
    return content


def invoke(
    event: bytes,
    handler: str,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    real_aws: bool | str = False,
) -> Invocation:
    """Run `module:function` once on an event, as `running` does. Raises `CannotInvoke`."""
    with (
        TemporaryFile() as log,
        running(
            handler, log.fileno(), folder=folder, environment=environment, real_aws=real_aws
        ) as port,
    ):
        reply = post(port, event)
        log.seek(0)
        return Invocation(reply, log.read().decode(errors="replace"))


@contextmanager
def running(
    handler: str,
    log: int,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    real_aws: bool | str = False,
) -> Generator[int]:
    """The runtime emulator with a handler in it, and the port that takes invocations.

    `folder`: where the handler is, by default here; `environment`: variables beside ours;
    `real_aws`: whether it finds the developer's credentials, or which profile's.
    Raises `CannotInvoke`.
    """
    if ":" not in handler:
        raise CannotInvoke(f"{handler!r} is no function: write module:function")
    port, api = _free_ports()
    program = [
        str(find_emulator()),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{api}"),
        *(sys.executable, "-m", "awslambdaric", handler.replace(":", ".")),
    ]
    folder = folder or Path.cwd()
    process = subprocess.Popen(
        program,
        stdout=log,
        stderr=log,
        cwd=folder,
        env={**_environment(folder, real_aws), **(environment or {})},
        start_new_session=True,
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def post(port: int, event: bytes) -> object:
    """Invoke the function behind a port, by the only name that the emulator knows."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS + 10)
    try:
        connection.request("POST", "/2015-03-31/functions/function/invocations", event)
        body = connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        raise CannotInvoke(f"the runtime emulator does not answer: {error}") from None
    finally:
        connection.close()
    try:
        reply: object = json.loads(body)
    except ValueError:  # "Task timed out after 20.00 seconds"
        return {"errorType": "Runtime", "errorMessage": body.decode(errors="replace")}
    return reply


def find_emulator() -> Path:
    """`aws-lambda-rie` in the SAM CLI's environment. Raises `CannotInvoke`."""
    if platform.system() != "Linux":
        raise CannotInvoke(
            "AWS's runtime emulator is a Linux program: use `sam local invoke` (with Docker) here"
        )
    machine = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
    found = sorted(
        Path.cwd().glob(f".venv-sam/lib/python3*/site-packages/samcli/local/rapid/*rie-{machine}")
    )
    if not found:
        raise CannotInvoke("the SAM CLI is not in .venv-sam: `make invoke` puts it there")
    return found[0]


def _milliseconds(pattern: str, log: str) -> float | None:
    found = re.search(pattern, log)
    return float(found[1]) if found else None


def _environment(folder: Path, real_aws: bool | str) -> dict[str, str]:
    return {
        **at_the_desk(theirs(), Limits().region, real_aws),
        "AWS_LAMBDA_FUNCTION_NAME": "offhook",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(TIMEOUT_SECONDS),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "LAMBDA_TASK_ROOT": str(folder),
        "OFFHOOK_PROMPTS_BUCKET": os.environ.get("OFFHOOK_PROMPTS_BUCKET", "prompts"),
        "OFFHOOK_RECORDINGS_BUCKET": os.environ.get("OFFHOOK_RECORDINGS_BUCKET", "recordings"),
        "POWERTOOLS_SERVICE_NAME": os.environ.get("POWERTOOLS_SERVICE_NAME", "offhook"),
    }


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotInvoke(f"the runtime emulator ended at once, with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise CannotInvoke(f"the runtime emulator does not listen after {seconds:.0f} s")
