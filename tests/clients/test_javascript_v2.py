"""The AWS SDK for JavaScript v2 in a function, as installed from its package: it finds the
endpoints that every other SDK finds. Skipped without Node, and where npm could not install it."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from offhook.emulator.function.function import Limits
from offhook.emulator.function.reach import reach
from offhook.emulator.server.api.server import LEGACY_REFUSAL
from offhook.emulator.server.listening import Server
from tests.clients.conftest import CLIENTS
from tests.emulator.function.conftest import ask

MODULES = CLIENTS / "node_modules"
pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="not run: Node is not installed"),
    pytest.mark.skipif(
        not (MODULES / "aws-sdk").is_dir(),
        reason="not run: npm could not install the SDK: `make clients`",
    ),
]

S3, DYNAMODB, VOICE, ALL = (
    f"AWS_ENDPOINT_URL{each}" for each in ("_S3", "_DYNAMODB", "_CHIME_SDK_VOICE", "")
)
VOICE_CLIENT = {
    "operation": "ListSipMediaApplications",
    "service": "chime-sdk-voice",
    "endpoint": "voice-chime",
}
PLACE = "http://127.0.0.1:8000/"
LEADS_TO: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "a service's own": ("new AWS.DynamoDB()", {DYNAMODB: PLACE}, PLACE),
    "that of all": ("new AWS.SQS()", {ALL: PLACE}, PLACE),
    "the nearer one": ("new AWS.S3()", {ALL: "http://127.0.0.1:1", S3: PLACE}, PLACE),
    "a client alone": ("new (require('aws-sdk/clients/s3'))()", {S3: PLACE}, PLACE),
    "a client of clients": ("new AWS.DynamoDB.DocumentClient().service", {DYNAMODB: PLACE}, PLACE),
    "a name of two words": ("new AWS.DynamoDBStreams()", {f"{DYNAMODB}_STREAMS": PLACE}, PLACE),
    "a version": ("new AWS.S3({ apiVersion: '2006-03-01' })", {S3: PLACE}, PLACE),
    "what the code says": ("new AWS.S3({ endpoint: 'http://127.0.0.1:2' })", {S3: PLACE}, ":2/"),
    "AWS's own, which the code says": (
        "new AWS.Chime({ endpoint: 'service.chime.aws.amazon.com', region: 'us-east-1' })",
        {"AWS_ENDPOINT_URL_CHIME": PLACE},
        PLACE,
    ),
    "what the code says of all": (
        "(AWS.config.update({ endpoint: 'http://127.0.0.1:3' }), new AWS.S3())",
        {S3: PLACE},
        ":3/",
    ),
    "nothing": ("new AWS.S3()", {}, "https://s3.amazonaws.com/"),
    "ignored": (
        "new AWS.S3()",
        {S3: PLACE, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        "https://s3.amazonaws.com/",
    ),
}

Replies: TypeAlias = Callable[..., object]
"""`replies(source, environment, name="index.js")`: what a function replies."""


@pytest.fixture
def replies(tmp_path: Path) -> Iterator[Replies]:
    (tmp_path / "node_modules").symlink_to(MODULES)
    with ExitStack() as functions:

        def invoked(
            source: str, environment: Mapping[str, str], name: str = "index.js", *, on: bool = True
        ) -> object:
            (tmp_path / name).write_text(source)
            limits = Limits(environment=environment, aws_sdk_v2_endpoints=on)
            function = reach(f"{tmp_path / name}:handler", limits)
            functions.callback(function.close)
            answer = ask(function)
            assert not answer.error
            return answer.reply

        yield invoked


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (S3, DYNAMODB, VOICE, ALL):
        monkeypatch.delenv(name, raising=False)


def test_a_client_asks_the_desk(replies: Replies, server: Server) -> None:
    source = """
        const AWS = require("aws-sdk");
        exports.handler = async () => {
          const found = await new AWS.ChimeSDKVoice().listSipMediaApplications().promise();
          return found.SipMediaApplications.map((each) => each.Name).sort();
        };
    """
    assert replies(source, {VOICE: server.endpoint}) == ["one", "three", "two"]


@pytest.mark.parametrize("endpoint", ["", "{endpoint: %r}"])
def test_a_client_of_the_old_namespace_is_refused(
    replies: Replies, server: Server, endpoint: str
) -> None:
    client = f"new AWS.Chime({endpoint % server.endpoint if endpoint else ''})"
    source = f"""
        const AWS = require("aws-sdk");
        exports.handler = async () => {{
          const asked = {client}.listSipMediaApplications().promise();
          return asked.catch((error) => [error.code, error.message]);
        }};
    """
    said = replies(source, {"AWS_ENDPOINT_URL_CHIME": server.endpoint, "AWS_REGION": "us-east-1"})
    assert said == ["Forbidden", LEGACY_REFUSAL.format(**VOICE_CLIENT)]


@pytest.mark.parametrize("which", LEADS_TO)
def test_a_client_goes_where_the_environment_says(replies: Replies, which: str) -> None:
    client, environment, place = LEADS_TO[which]
    source = f"""
        const AWS = require("aws-sdk");
        exports.handler = async () => ({client}).endpoint.href;
    """
    assert str(replies(source, environment)).endswith(place)


@pytest.mark.parametrize("imported", ["'aws-sdk'", "'aws-sdk/clients/s3.js'"])
def test_a_module_may_import_it(replies: Replies, imported: str) -> None:
    source = f"""
        import AWS from {imported};
        export const handler = async () => new (AWS.S3 ?? AWS)().endpoint.href;
    """
    assert replies(source, {S3: PLACE}, "index.mjs") == PLACE


def test_a_setting_turns_it_off(replies: Replies) -> None:
    source = "exports.handler = async () => new (require('aws-sdk').S3)().endpoint.href"
    assert replies(source, {S3: PLACE}, on=False) == "https://s3.amazonaws.com/"
