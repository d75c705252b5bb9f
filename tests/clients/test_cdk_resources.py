"""The Lambda function in npm's `cdk-amazon-chime-resources`, driven by CloudFormation's events: a
stack is made, updated and deleted at the desk. Skipped without Node, and where npm could not
install it."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest
from moto.server import ThreadedMotoServer

from docs.generate_clients import ASKED_BY_CDK
from offhook.emulator.function.function import Limits
from offhook.emulator.function.reach import reach
from offhook.emulator.server.listening import Server
from offhook.emulator.service.quotas import Gate, Quotas
from tests.clients.conftest import CLIENTS
from tests.emulator.function.conftest import ask
from tests.emulator.server.conftest import Serves

BUNDLE = CLIENTS / "node_modules/cdk-amazon-chime-resources/assets/resources/pstn/index.js"
pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="not run: Node is not installed"),
    pytest.mark.skipif(
        not BUNDLE.is_file(), reason="not run: npm could not install it: `make clients`"
    ),
]

FASTER = 100
"""It waits 5 and 10 seconds for a number, and for a rule: here, so many times less, at a desk whose
orders take so many times less as well."""
INDEX = f"""
    const wait = globalThis.setTimeout;
    globalThis.setTimeout = (act, ms, ...more) =>
      wait(act, ms === 5000 || ms === 10000 ? ms / {FASTER} : ms, ...more);
    module.exports = require({str(BUNDLE)!r});
"""

Told: TypeAlias = Callable[..., dict[str, Any]]
"""`told("Create", "PhoneNumber", **properties)`: the data of what CloudFormation is answered."""


class Counting(Gate):
    """Lets all through, and says what has come."""

    def __init__(self) -> None:
        super().__init__(Quotas(enforced=False))
        self.came: set[str] = set()

    def admit(self, operation: str) -> None:
        self.came.add(operation)


@pytest.fixture
def server(serves: Serves) -> Server:
    """A server whose time goes faster."""
    server, began = serves(), datetime.now(UTC)
    server.service.account.now = lambda: began + (datetime.now(UTC) - began) * FASTER
    server.service.gate = Counting()
    return server


@pytest.fixture
def told(server: Server, tmp_path: Path) -> Iterator[Told]:
    (tmp_path / "index.js").write_text(INDEX)
    others = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    others.start()
    host, port = others.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL_CHIME_SDK_VOICE": server.endpoint,
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "us-east-1",
    }
    function = reach(f"{tmp_path / 'index.js'}:handler", Limits(60, environment=environment))

    def tell(request: str, resource: str, **properties: object) -> dict[str, Any]:
        told = {
            "RequestType": request,
            "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/line/1",
            "RequestId": f"{request}-{resource}",
            "LogicalResourceId": resource,
            "ResourceType": "Custom::CloudFormation",
            "ResourceProperties": {
                "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:provider",
                "uid": resource,
                "resourceType": resource.rstrip("0123456789"),
                "properties": properties,
            },
        }
        answer = ask(function, told)
        assert not answer.error
        reply = cast("dict[str, Any]", answer.reply)
        assert (reply["Status"], reply["LogicalResourceId"]) == ("SUCCESS", resource)
        return cast("dict[str, Any]", reply.get("Data") or {})

    yield tell
    function.close()
    others.stop()


def test_a_stack_is_made_updated_and_deleted(server: Server, told: Told) -> None:
    line = told("Create", "PhoneNumber1", phoneState="WA", phoneProductType=SMA)["phoneNumber"]
    office = told("Create", "PhoneNumber2", phoneAreaCode="206", phoneProductType=VC)["phoneNumber"]
    its_id = told("Create", "SMA", name="line", region="us-east-1", endpoint=ARN)["sipMediaAppId"]
    log = {"enableSipMediaApplicationMessageLogs": "true"}
    logging: dict[str, object] = {
        "sipMediaAppId": its_id,
        "sipMediaApplicationLoggingConfiguration": {"sipMediaApplicationLoggingConfiguration": log},
    }
    told("Create", "SMALogging", **logging)
    target = {"region": "us-east-1", "priority": "1", "sipMediaApplicationId": its_id}
    rule: dict[str, object] = {"triggerType": "ToPhoneNumber", "triggerValue": line}
    rule |= {"name": "line", "targetApplications": [target]}
    told("Create", "SMARule", **rule)
    connector = told("Create", "VoiceConnector", **CONNECTOR)["voiceConnectorId"]
    association = {"voiceConnectorId": connector, "e164PhoneNumber": office}
    told("Create", "PhoneAssociation", **association)

    account = server.service.account
    assert account.answering(line)[0].sip_media_application_id == its_id
    assert account.holdings.message_logs == {its_id: True}
    assert account.numbers_of(connector) == [office]
    kept: Mapping[str, object] = account.holdings.kept
    assert kept[f"voice-connectors/{connector}/logging-configuration"] == {"EnableSIPLogs": True}

    told("Update", "SMALogging", **logging)
    told("Update", "VoiceConnector", **CONNECTOR)
    told("Update", "PhoneAssociation", **association)
    for resource in ("PhoneNumber1", "SMA", "SMARule"):
        told("Update", resource)  # nothing, whatever the properties are

    told("Delete", "PhoneAssociation", **association)
    for resource in ("VoiceConnector", "SMARule", "SMALogging", "SMA"):
        told("Delete", resource)
    told("Delete", "PhoneNumber1")
    told("Delete", "PhoneNumber2")
    assert account.holdings.kept == {}
    assert its_id not in account.holdings.applications
    assert all(account.holdings.numbers[number].deletion_timestamp for number in (line, office))
    gate = cast("Counting", server.service.gate)
    assert sorted(gate.came) == list(ASKED_BY_CDK)


def test_a_number_that_has_a_rule_or_a_connector_is_freed_first(server: Server, told: Told) -> None:
    """What it does where the rest of the stack is still there."""
    office = told("Create", "PhoneNumber", phoneAreaCode="206", phoneProductType=VC)["phoneNumber"]
    connector = told("Create", "VoiceConnector", **CONNECTOR)["voiceConnectorId"]
    told("Create", "PhoneAssociation", voiceConnectorId=connector, e164PhoneNumber=office)
    told("Delete", "PhoneNumber")
    assert server.service.account.holdings.numbers[office].association is None


SMA, VC = "SipMediaApplicationDialIn", "VoiceConnector"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:line"
ROUTE = {"host": "198.51.100.7", "port": "5060", "protocol": "UDP", "priority": "1", "weight": "1"}
TERMINATION = {"callingRegions": ["US"], "terminationCidrs": ["198.51.100.0/27"], "cpsLimit": "1"}
CONNECTOR: Mapping[str, object] = {
    "name": "office",
    "region": "us-east-1",
    "encryption": "true",
    "origination": [ROUTE],
    "termination": TERMINATION,
    "streaming": {
        "dataRetention": "0",
        "notificationTarget": [{"NotificationTarget": "EventBridge"}],
    },
    "logging": {"enableSIPLogs": "true"},
}
"""As CloudFormation hands it over: all booleans and numbers are text."""
