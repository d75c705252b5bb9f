"""The AWS CLI, as installed from its package, against the desk."""

import json
import os
import subprocess
from typing import Any

import pytest

from offhook.emulator.server.listening import Server
from offhook.emulator.testing import Fault
from tests.clients.conftest import CLIENTS, ERRORS, OURS

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    "AWS_ACCESS_KEY_ID": "desk",
    "AWS_SECRET_ACCESS_KEY": "desk",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def aws(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`aws chime-sdk-voice ... --endpoint-url ...`."""
    program = CLIENTS / "bin" / "aws"
    assert program.is_file(), "the AWS CLI is not installed: run `make clients`"
    return subprocess.run(
        [program, "chime-sdk-voice", *arguments, "--endpoint-url", server.endpoint],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """What the CLI printed."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def create(application: str) -> tuple[str, ...]:
    """The command that makes a call."""
    numbers = ("--from-phone-number", OURS, "--to-phone-number", "+15550100200")
    its_id = ("--sip-media-application-id", application)
    return ("create-sip-media-application-call", *numbers, *its_id)


def update(application: str, transaction: str) -> tuple[str, ...]:
    """The command that updates one."""
    its_id = ("--sip-media-application-id", application, "--transaction-id", transaction)
    return ("update-sip-media-application-call", *its_id, "--arguments", "Say=hello")


def test_a_call_is_made_and_updated(server: Server, application: str) -> None:
    made = answer(aws(server, *create(application), "--arguments-map", "Order=17"))
    transaction = made["SipMediaApplicationCall"]["TransactionId"]
    assert list(server.service.calls) == [transaction]
    assert answer(aws(server, *update(application, transaction))) == made


@pytest.mark.parametrize(
    ("operation", "error"), [(name, error) for name in ERRORS for error in ERRORS[name]]
)
def test_the_cli_says_which_error_it_was(
    server: Server, application: str, operation: str, error: str
) -> None:
    server.service.faults.put(Fault(operation, error, message="The line is down."))
    is_create = operation == "CreateSipMediaApplicationCall"
    done = aws(server, *(create(application) if is_create else update(application, "t")))
    assert done.returncode in (254, 255)
    assert f"({error}) when calling the {operation} operation" in done.stderr
    assert done.stderr.rstrip().endswith("The line is down.")


def test_the_cli_pages_through_a_list(server: Server) -> None:
    listed = answer(aws(server, "list-sip-media-applications", "--page-size", "1"))
    names = {app["Name"] for app in listed["SipMediaApplications"]}
    assert names == {"one", "two", "three"}
