"""A list in S3: the state machine of docs/list-in-s3.asl.json, in moto's interpreter, puts each row
into the queue, and the trigger dials each once."""

import json
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import boto3
import pytest

from offhook.handler import trigger
from tests.handler.calling.conftest import OURS, Line
from tests.handler.calling.executions import Asks, Context

pytestmark = pytest.mark.skipif(
    find_spec("antlr4") is None, reason="moto's interpreter of state machines needs it"
)

MACHINE = Path(__file__).parents[3] / "docs" / "list-in-s3.asl.json"
ROWS = [f"row-{number},+1555010019{number},{OURS},UTC,Ada,tomorrow at ten" for number in range(5)]


@pytest.fixture
def bodies() -> list[str]:
    """What the state machine has put into the queue. moto forgets all that it had before."""
    from moto import mock_aws

    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        made: Any = {
            name: cast("Any", boto3).client(
                name, endpoint_url=f"https://{name}.us-east-1.amazonaws.com"
            )
            for name in ("s3", "sqs")
        }
        states = cast("Any", boto3).client("stepfunctions")
        made["s3"].create_bucket(Bucket="lists")
        body = "\n".join(["key,number,from,time_zone,name,when", *ROWS])
        made["s3"].put_object(Bucket="lists", Key="monday.csv", Body=body.encode())
        url = made["sqs"].create_queue(QueueName="calls")["QueueUrl"]
        text = MACHINE.read_text()
        for name, value in {
            "BUCKET": "lists", "KEY": "monday.csv", "BATCH": "monday", "QUEUE-URL": url,
        }.items():  # fmt: skip
            text = text.replace(f'"{name}"', f'"{value}"')
        arn = states.create_state_machine(
            name="list", definition=text, roleArn="arn:aws:iam::123456789012:role/list"
        )["stateMachineArn"]
        run = states.start_execution(stateMachineArn=arn, input="{}")["executionArn"]
        while (told := states.describe_execution(executionArn=run))["status"] == "RUNNING":
            time.sleep(0.02)
        assert told["status"] == "SUCCEEDED", told
        found = made["sqs"].receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [each["Body"] for each in found["Messages"]]


@pytest.mark.thorough
def test_each_row_of_a_list_in_s3_is_dialled_once(
    bodies: list[str], line: Line, url: Asks, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OFFHOOK_DIAL_PER_DESTINATION", "1")
    assert len(bodies) == len(ROWS)
    for body in [*bodies, *bodies]:  # the queue may deliver twice
        record: dict[str, object] = {
            "messageId": json.loads(body)["key"],
            "receiptHandle": "r",
            "body": body,
            "attributes": {},
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:calls",
        }
        answer = trigger.lambda_handler({"Records": [record]}, Context(20))
        assert answer == {"batchItemFailures": []}
    assert line.placed == len(ROWS)
    assert len({call.legs[0].to for call in line.server.service.placed()}) == len(ROWS)
