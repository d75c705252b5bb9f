"""moto's DynamoDB answers the same, hurried or not."""

import json
import subprocess
import sys

import pytest

from offhook.command.serving.resources import LEDGER_SHAPE
from tests.project.test_house import ROOT

PLAYED = """
import json, sys
from moto.moto_server.werkzeug_app import create_backend_app
from tests.quick_moto import hurry

if sys.argv[1] == "hurried":
    hurry()
client = create_backend_app("dynamodb").test_client()
for operation, said in json.load(sys.stdin):
    headers = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Authorization": sys.argv[2]}
    answer = client.post("/", data=json.dumps(said), headers=headers)
    print(answer.status_code, answer.text)
"""
SIGNED = "AWS4-HMAC-SHA256 Credential=desk/20261128/us-east-1/dynamodb/aws4_request"
VALUES: dict[str, object] = {
    ":n": {"N": "1"},
    ":s": {"SS": ["x"]},
    ":l": {"L": [{"S": "q"}]},
    ":m": {"M": {"k": {"S": "v"}}},
}
CHANGES = (
    *("SET a = :n", "SET a = a + :n, b = if_not_exists(b, :n)", "SET a = a - :n, c = :n"),
    *("ADD s :s", "ADD s :s DELETE s :s", "SET a = :n ADD u :s REMOVE b DELETE s :s", "ADD n :n"),
    *("SET l = :l", "SET l = list_append(l, :l)", "REMOVE l[0], l[1]", "SET m = :m"),
    *("SET m.k = :n, m.z = :n", "REMOVE m.k", "SET #n = :n", "SET m = :m, m.k = :n"),
    *("SET a = :n SET b = :n", "SET a = :n, a = :n", "SET #n = :n, #m = :n", "SET pk = :n"),
    *("SET name = :n", "SET a = :none", "SET x.y = :n", "SET a = none + :n", "ADD a :s"),
    *("REMOVE a REMOVE b", "ADD a :n ADD b :n", "SET #none = :n", "SET a = :n REMOVE a"),
)


def requests() -> list[tuple[str, object]]:
    """Changes of an item that there is and of one that there is not, and what came of them."""
    made: list[tuple[str, object]] = [("CreateTable", {"TableName": "t", **LEDGER_SHAPE})]
    for condition in ("", "attribute_exists(pk) AND a = :n"):
        for change in CHANGES:
            values = {
                name: value for name, value in VALUES.items() if name in f"{change}{condition}"
            }
            asked: dict[str, object] = {
                "TableName": "t",
                "Key": {"pk": {"S": "one"}},
                "UpdateExpression": change,
                "ReturnValues": "ALL_NEW",
                "ExpressionAttributeValues": values,
            }
            if condition:
                asked["ConditionExpression"] = condition
            if "#" in change:
                asked["ExpressionAttributeNames"] = {"#n": "name", "#m": "name"}
            made += [("UpdateItem", asked), ("UpdateItem", asked), ("Scan", {"TableName": "t"})]
    return made


def answers(way: str) -> list[str]:
    played = [sys.executable, "-c", PLAYED, way, SIGNED]
    said = json.dumps(requests())
    done = subprocess.run(played, input=said, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()[1:]  # when the table was made


@pytest.mark.thorough
def test_it_answers_the_same_in_a_hurry() -> None:
    hurried = answers("hurried")
    assert {answer[:3] for answer in hurried} == {"200", "400"}
    assert hurried == answers("as it is")
