"""An account at the desk, and CloudFormation that asks for a line in it."""

from collections.abc import Iterator

import pytest

from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.records import PhoneNumber, SipRule
from offhook.provisioning.service import client
from tests.provisioning.cloudformation import CloudFormation, cloudformation

OURS = "+15550100100"
"""A number that the account has."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The API, with an account that has one number."""
    desk = Desk(quotas=Quotas(enforced=False))
    with Server(desk, port=0) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", server.endpoint)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        client.cache_clear()
        now = server.service.account.now()
        server.service.account.holdings.numbers[OURS] = PhoneNumber(
            e164_phone_number=OURS, created_timestamp=now, updated_timestamp=now
        )
        yield server
    client.cache_clear()


@pytest.fixture
def stack(server: Server) -> Iterator[CloudFormation]:
    """CloudFormation, with that account."""
    with cloudformation(server) as found:
        yield found


@pytest.fixture
def application(server: Server) -> str:
    """The id of an application, as CloudFormation itself makes it."""
    del server
    made = client("us-east-1").create_sip_media_application(
        AwsRegion="us-east-1",
        Name="front-desk",
        Endpoints=[{"LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:front-desk:live"}],
    )
    return made["SipMediaApplication"].get("SipMediaApplicationId", "")


def bought(server: Server) -> list[str]:
    """The numbers that were ordered, and are paid for."""
    return [
        said
        for said, number in server.service.account.holdings.numbers.items()
        if number.order_id is not None and number.deletion_timestamp is None
    ]


def rules(server: Server) -> list[SipRule]:
    """The rules that there are."""
    return list(server.service.account.holdings.rules.values())


def only_rule(server: Server) -> SipRule:
    """The one that there is."""
    (rule,) = rules(server)
    return rule
