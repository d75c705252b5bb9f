"""A stranger's boto3 finds the embedded S3, and DynamoDB beside it; its code is as it was."""

import os
from pathlib import Path

import boto3
import pytest

from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import S3, Desk
from tests.emulator.server.calls import dials
from tests.patience import until

APP = Path(__file__).parent / "apps" / "aws_clients" / "handler.py"
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB")
OURS, THEIRS = "+15550100100", "+15550100200"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    for name in (
        *ENDPOINTS,
        "AWS_ENDPOINT_URL",
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    desk = Desk(
        s3=S3(endpoint="embedded"), recordings=tmp_path / "recordings", prompts=tmp_path / "prompts"
    )
    return Server(desk.with_function(f"{APP}:lambda_handler"), port=0)


def test_boto3_of_a_function_finds_s3_and_dynamodb(server: Server) -> None:
    with server:
        assert server.service.s3 is not None
        session = boto3.Session("desk", "desk", region_name="us-east-1")
        endpoint = server.service.s3.endpoint
        table = session.client("dynamodb", endpoint_url=endpoint)  # pyright: ignore[reportUnknownMemberType] - an overload per service
        table.create_table(
            TableName="callers",
            KeySchema=[{"AttributeName": "number", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "number", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        table.put_item(TableName="callers", Item={"number": {"S": THEIRS}, "name": {"S": "Ada"}})
        call = dials(server, OURS)
        until(lambda: call.has_ended)
        assert [prompt.clip.text for prompt in call.legs[0].prompts] == ["Hello Ada."]
        s3 = session.client("s3", endpoint_url=endpoint)  # pyright: ignore[reportUnknownMemberType] - an overload per service
        note = s3.get_object(Bucket="recordings", Key="last.json")
        assert THEIRS.encode() in note["Body"].read()
    assert not [name for name in ENDPOINTS if name in os.environ]


def test_an_endpoint_that_somebody_set_stays(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINTS[1], "http://127.0.0.1:8000")
    with server:
        assert os.environ[ENDPOINTS[1]] == "http://127.0.0.1:8000"
    assert os.environ[ENDPOINTS[1]] == "http://127.0.0.1:8000"


def test_an_endpoint_that_somebody_set_for_all_services_stays_too(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    with server:
        assert not [name for name in ENDPOINTS if name in os.environ]
