"""Functions that invoke one another, by boto3, as in Lambda."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import pytest

from offhook.emulator.explore.jobs import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.function.functions import LAMBDA, endpoint
from offhook.emulator.service.config import Desk, LambdaFunction
from offhook.emulator.testing import MONDAY_AT_TEN, Phone, PhoneCall
from tests.emulator.function.conftest import Written
from tests.emulator.function.telling import does
from tests.emulator.functions import always
from tests.patience import until

ASKS = """
    import json, pathlib
    import boto3

    def asks(event):
        return json.loads((pathlib.Path(__file__).parent / "what.json").read_text())

    def lambda_handler(event, context):
        if event["InvocationEventType"] != "NEW_INBOUND_CALL":
            return {"SchemaVersion": "1.0", "Actions": []}
        said = boto3.client("lambda").invoke(**asks(event))
        text = json.dumps([said["StatusCode"], said.get("FunctionError"),
                           json.loads(said["Payload"].read() or b"null")])
        speak = {"Type": "Speak", "Parameters": {"Text": text}}
        return {"SchemaVersion": "1.0", "Actions": [speak, {"Type": "Hangup", "Parameters": {}}]}
"""
DEPOT = """
    import os, pathlib

    def lambda_handler(event, context):
        if "file" in event:
            pathlib.Path(event["file"]).write_text("done")
        if event.get("fails"):
            raise RuntimeError("no stock")
        return [event["item"], context.function_name]
"""
TEMPLATE = """
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties: { CodeUri: ., Handler: calls.lambda_handler, Runtime: python3.12, Timeout: 60 }
      Depot:
        Type: AWS::Serverless::Function
        Properties: { CodeUri: ., Handler: depot.lambda_handler, Runtime: python3.12, Timeout: 60 }
      Shop:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: .
          FunctionName: !Sub "shop-${AWS::Region}"
          Handler: depot.lambda_handler
          Runtime: python3.12
          Timeout: 60
"""

pytest.importorskip("boto3")


@pytest.fixture(scope="module", autouse=True)
def nothing_is_set() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(LAMBDA, raising=False)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        yield


def desk(written: Written) -> Desk:
    """One that has a depot."""
    depot = written("depot/depot.py", DEPOT)
    named = LambdaFunction(function=f"{depot}:lambda_handler")
    return Desk(functions={"depot": named})


def writes(folder: Path, who: str, kind: str = "RequestResponse", **payload: object) -> None:
    """What it asks at the next event."""
    what = {"FunctionName": who, "InvocationType": kind, "Payload": json.dumps(payload)}
    (folder / "what.json").write_text(json.dumps(what))


Asked: TypeAlias = Callable[..., PhoneCall]
"""`asked("depot", item=7)`: a call in which it asks that, and says what came of it."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, nothing_is_set: None) -> Iterator[Asked]:
    """One function that asks, in one process, and a depot."""
    del nothing_is_set
    folder = tmp_path_factory.mktemp("their-app")
    files = {"calls": ASKS, "depot": DEPOT}
    for name, source in files.items():
        (folder / f"{name}.py").write_text(dedent(source))
    named = LambdaFunction(function=f"{folder / 'depot.py'}:lambda_handler")
    at = Desk(functions={"depot": named})
    with Phone(f"{folder / 'calls.py'}:lambda_handler", desk=at) as phone:

        def ask(who: str, kind: str = "RequestResponse", **payload: object) -> PhoneCall:
            writes(folder, who, kind, **payload)
            return phone.dials()

        yield ask


def hears(call: PhoneCall, *told: object) -> None:
    """The caller hears what the other function replied: status, error, payload."""
    call.hears(json.dumps(told))
    call.ends()


ARN = "arn:aws:lambda:us-east-1:123456789012:function:depot"


@pytest.mark.parametrize("who", ["depot", f"{ARN}:live", "123456789012:function:depot"])
def test_a_function_invokes_one_that_the_configuration_names(asked: Asked, who: str) -> None:
    hears(asked(who, item=7), 200, None, [7, "depot"])


def test_one_that_fails_is_a_function_error(asked: Asked) -> None:
    payload = {"errorType": "RuntimeError", "errorMessage": "no stock"}
    hears(asked("depot", fails=True), 200, "Unhandled", payload)


def test_an_event_is_not_waited_for(asked: Asked, tmp_path: Path) -> None:
    done = tmp_path / "done"
    hears(asked("depot", "Event", item=7, file=str(done)), 202, None, None)
    until(done.exists)


def test_one_that_nobody_names_is_not_found(asked: Asked) -> None:
    call = asked("barn")
    call.ends()
    assert "ResourceNotFoundException" in str(call)
    assert "nor a template that is used here names barn" in str(call)
    assert "DynamoDB" not in str(call)


def test_a_function_invokes_another_of_its_template(written: Written) -> None:
    folder = written("calls.py", ASKS).parent
    written("depot.py", DEPOT)
    with Phone(f"{written('template.yaml', TEMPLATE)}:Calls", desk=Desk()) as phone:
        for who in ("Depot", "shop-us-east-1"):
            writes(folder, who, item=7)
            hears(phone.dials(), 200, None, [7, who])


def test_what_somebody_has_set_is_left_alone(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    source = f"""
        import os
        def lambda_handler(event, context):
            raise RuntimeError(str(os.environ.get("{LAMBDA}")))
    """
    calls = written("app/calls.py", source)
    with Phone(f"{calls}:lambda_handler", desk=desk(written)) as phone:
        call = phone.dials()
        call.ends()
        assert "RuntimeError: None" in str(call)


@pytest.fixture
def port(written: Written) -> Iterator[int]:
    """That of the API of a desk."""
    calls = written("app/calls.py", "def lambda_handler(event, context): ...")
    with Phone(f"{calls}:lambda_handler", desk=desk(written)) as phone:
        phone.dials()
        yield int(endpoint().rpartition(":")[2])


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("depot/invocations", {}, "{", 400),
        ("depot/invocations", {"Host": "evil.example"}, "{}", 403),
        ("depot/invocations", {"Origin": "http://evil.example"}, "{}", 403),
        ("depot/invocations", {"Content-Length": "99999999"}, "", 413),
        ("depot/invocations", {"Content-Length": "9" * 5_000}, "", 413),
        ("depot/invocations", {"Content-Length": "0" * 16 + "99999999"}, "", 413),
        ("depot/invocations", {}, "[" * 100_000, 400),
        ("depot/invocations", {"X-Amz-Invocation-Type": "DryRun"}, "{}", 204),
        ("depot/configuration", {}, "", 404),
        ("depot/invocations?Qualifier=live", {}, '{"item": 1}', 200),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    port: int, path: str, headers: Mapping[str, str], body: str, status: int
) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", f"/2015-03-31/functions/{path}", body, headers)
    assert connection.getresponse().status == status
    connection.close()


def test_who_calls_it_by_two_names_is_let_in_by_neither(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", "/2015-03-31/functions/depot/invocations", skip_host=True)
    for host in ("evil.example", "127.0.0.1"):
        connection.putheader("Host", host)
    connection.endheaders(b"")
    assert connection.getresponse().status == 403
    connection.close()


def test_where_none_is_named_they_are_at_aws(written: Written) -> None:
    assert LAMBDA not in Desk().named("app.py:handler")[1].stand_ins
    for named, name in ((desk(written), "app.py:handler"), (Desk(), "template.yaml:Calls")):
        assert named.named(name)[1].stand_ins[LAMBDA] == endpoint()


def test_when_its_desk_is_closed_that_is_said() -> None:
    yard = Desk(functions={"yard": LambdaFunction(function=does(always()))})
    path = "/2015-03-31/functions/yard/invocations"
    said: list[tuple[int, str]] = []

    def asks() -> None:
        connection = HTTPConnection("127.0.0.1", int(endpoint().rpartition(":")[2]), timeout=10)
        connection.request("POST", path, "{}")
        answer = connection.getresponse()
        said.append((answer.status, answer.read().decode()))
        connection.close()

    with Phone(always(), desk=yard) as phone:
        phone.dials()
        asks()
    asks()
    (before, _), (after, why) = said
    assert (before, after) == (200, 404)
    assert "no desk is open in this process" in why or "names yard" in why


@pytest.mark.parametrize("where", ["in this process", "in one of its own"])
def test_lint_invokes_as_calls_do(
    written: Written, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lint keeps for one call after the other, invokes others of each."""
    calls = written("app/calls_of_lint.py", ASKS)
    writes(calls.parent, "depot", item=7)
    monkeypatch.setattr(sys, "path", [str(calls.parent), *sys.path])
    monkeypatch.chdir(calls.parent)  # lint imports anew what is in the current folder
    here = where == "in this process"
    name = "calls_of_lint:lambda_handler" if here else f"{calls}:lambda_handler"
    at = desk(written).with_function(name)
    (application,) = at.sip_media_applications
    found = explore(at, application, Options(at=[MONDAY_AT_TEN], faults=0)).found
    assert [str(each.finding) for each in found if each.finding.weight == "fault"] == []
