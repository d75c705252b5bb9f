"""The SDK for JavaScript, as installed from its package, against the desk.

Skipped without Node, and where npm could not install the SDK."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from offhook.emulator.server.listening import Server
from offhook.emulator.testing import Fault
from tests.clients.conftest import CLIENTS, ERRORS, OURS

NODE = shutil.which("node")
SDK = CLIENTS / "node_modules" / "@aws-sdk" / "client-chime-sdk-voice"
pytestmark = [
    pytest.mark.skipif(NODE is None, reason="Node is not installed"),
    pytest.mark.skipif(not SDK.is_dir(), reason="npm could not install the SDK: `make clients`"),
]


def sends(server: Server, command: str, **given: object) -> Any:
    """What came of one command."""
    program = [str(NODE), str(Path(__file__).with_name("javascript.mjs"))]
    done = subprocess.run(
        [*program, server.endpoint, command, json.dumps(given)],
        env={**os.environ, "CLIENTS": str(CLIENTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_call_is_made_and_updated(server: Server, application: str) -> None:
    made = sends(
        server,
        "CreateSipMediaApplicationCall",
        FromPhoneNumber=OURS,
        ToPhoneNumber="+15550100200",
        SipMediaApplicationId=application,
        ArgumentsMap={"Order": "17"},
    )
    assert made["status"] == 201
    transaction = made["SipMediaApplicationCall"]["TransactionId"]
    assert list(server.service.calls) == [transaction]
    updated = sends(
        server,
        "UpdateSipMediaApplicationCall",
        SipMediaApplicationId=application,
        TransactionId=transaction,
        Arguments={"Say": "hello"},
    )
    assert updated["status"] == 202
    assert updated["SipMediaApplicationCall"] == made["SipMediaApplicationCall"]


@pytest.mark.parametrize(
    ("operation", "error"), [(name, error) for name in ERRORS for error in ERRORS[name]]
)
def test_every_error_is_of_its_class(
    server: Server, application: str, operation: str, error: str
) -> None:
    server.service.faults.put(Fault(operation, error, message="The line is down."))
    numbers = {"FromPhoneNumber": OURS, "ToPhoneNumber": "+15550100200"}
    update: dict[str, object] = {"TransactionId": "t", "Arguments": {}}
    asked = numbers if operation.startswith("Create") else update
    failed = sends(server, operation, SipMediaApplicationId=application, **asked)
    assert (failed["error"], failed["isKnown"]) == (error, True)
    assert failed["message"] == "The line is down."


def test_lists_come_in_pages(server: Server) -> None:
    pages = sends(server, "paginateListSipMediaApplications")["pages"]
    assert [len(page["SipMediaApplications"]) for page in pages] == [1, 1, 1]
