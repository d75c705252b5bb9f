"""No run at the desk uses the developer's AWS credentials, unless they are asked for by name."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import ProfileNotFound
from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.function.credentials import at_the_desk, explained
from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.function.variables import variables
from tests.emulator.function.conftest import needs_node

REAL = "AKIAREALREALREALREAL"
OTHERS = "AKIAWORKWORKWORKWORK"
HERE = Path(__file__).parents[3]

APP = """
import boto3

made_at_import = boto3.client("dynamodb", region_name="us-east-1")
session = boto3.Session(region_name="us-east-1")
session.get_credentials()


def handler(event, context):
    made_at_import.list_tables()
    session.client("dynamodb").list_tables()
    boto3.client("dynamodb").list_tables()
    return {"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup", "Parameters": {}}]}
"""
PROFILES = f"""
[default]
aws_access_key_id = {REAL}
aws_secret_access_key = secret
[work]
aws_access_key_id = {OTHERS}
aws_secret_access_key = secret
[process]
credential_process = echo
[sso]
sso_start_url = https://example.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = admin
[role]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
"""

FROM_ENVIRONMENT = {
    "a key": {"AWS_ACCESS_KEY_ID": REAL, "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"},
    "an expired key": {
        "AWS_ACCESS_KEY_ID": REAL,
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
    },
    "the default profile": {},
    "a profile": {"AWS_PROFILE": "work"},
    "a default profile": {"AWS_DEFAULT_PROFILE": "work"},
    "a process": {"AWS_PROFILE": "process"},
    "single sign-on": {"AWS_PROFILE": "sso"},
    "a role": {"AWS_PROFILE": "role"},
    "a container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/"},
    "a container's token": {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere",
    },
    "a web identity": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn:x"},
    "a bearer token": {"AWS_BEARER_TOKEN_BEDROCK": "t"},
    "files elsewhere": {"AWS_SHARED_CREDENTIALS_FILE": "{home}/.aws/credentials"},
    "an old file": {"BOTO_CONFIG": "{home}/.aws/credentials", "AWS_CREDENTIAL_FILE": "x"},
}


@dataclass
class Aws:
    """Stands for all of AWS: notes which key a request was signed with."""

    endpoint: str = ""
    keys: list[str] = field(default_factory=list[str])
    refuses: bool = False


@pytest.fixture
def aws() -> Iterator[Aws]:
    seen = Aws()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            signed = re.search(r"Credential=([^/]*)/", self.headers.get("Authorization", ""))
            seen.keys.append(signed[1] if signed else "")
            body = b'{"TableNames": []}'
            if seen.refuses:
                body = b'{"__type": "UnrecognizedClientException", "message": "invalid"}'
            self.send_response(400 if seen.refuses else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen.endpoint = f"http://127.0.0.1:{server.server_port}"
        yield seen
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A developer's home, with profiles in it."""
    folder = tmp_path / "home"
    (folder / ".aws").mkdir(parents=True)
    (folder / ".aws" / "credentials").write_text(PROFILES)
    (folder / ".aws" / "config").write_text(PROFILES.replace("[work", "[profile work"))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of a developer, whose handler makes clients when it is imported."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder


Runs = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def runs(project: Path, home: Path, aws: Aws) -> Runs:
    """Run something in that project with the developer's environment, credentials and all."""

    def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        ours = ("AWS_", "OFFHOOK_", "PYTEST", "BOTO")
        inherited = {name: v for name, v in os.environ.items() if not name.startswith(ours)}
        key = {"AWS_ACCESS_KEY_ID": REAL, "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
        environment = {**key, "HOME": str(home), "AWS_ENDPOINT_URL": aws.endpoint, **variables}
        return subprocess.run(
            [sys.executable, *command],
            cwd=project,
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def offhook(command: str, *arguments: str) -> tuple[str, ...]:
    return ("-m", "offhook.command.main", command, *arguments)


@pytest.mark.parametrize("source", FROM_ENVIRONMENT)
def test_whatever_the_source_botocore_finds_the_desk_s_key(
    source: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {name: v.format(home=home) for name, v in FROM_ENVIRONMENT[source].items()}
    has(monkeypatch, at_the_desk({**theirs, "HOME": str(home)}, "eu-central-1", real_aws=False))
    session = botocore.session.Session()
    found = session.get_credentials()
    assert found is not None
    assert found.get_frozen_credentials()[:3] == ("desk", "desk", None)
    assert session.get_config_variable("region") == "eu-central-1"


@pytest.mark.parametrize("profile", ["default", "work", "process", "sso", "role"])
def test_a_profile_that_the_code_names_is_not_there(
    profile: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, at_the_desk({"HOME": str(home)}, "us-east-1", real_aws=False))
    session = botocore.session.Session(profile=profile)
    try:
        found = session.get_credentials()
    except ProfileNotFound:
        return
    assert found is None


@pytest.mark.parametrize("source", ["a key", "a profile", "a default profile", "a container"])
def test_a_profile_that_is_asked_for_beats_every_other_source(
    source: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, at_the_desk({**FROM_ENVIRONMENT[source], "HOME": str(home)}, "x", "work"))
    found = botocore.session.Session().get_credentials()
    assert found is not None
    assert found.access_key == OTHERS


def has(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """This process's environment is another."""
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@given(st.dictionaries(st.from_regex(r"[A-Z][A-Z_]{1,12}", fullmatch=True), st.text()))
def test_what_leads_to_no_credentials_stays_as_it_is(environment: dict[str, str]) -> None:
    theirs = {**environment, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000", "AWS_RETRY_MODE": "x"}
    found = at_the_desk(theirs, "us-east-1", real_aws=False)
    assert {name: found.get(name) for name in theirs} == theirs


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        ({}, ("eu-west-2", "eu-west-2")),
        ({"AWS_REGION": "us-west-2"}, ("us-west-2", "us-west-2")),
        ({"AWS_DEFAULT_REGION": "us-west-2"}, ("us-west-2", "us-west-2")),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-west-2"}, ("us-west-2", "us-west-2")),
    ],
)
@pytest.mark.parametrize("real_aws", [True, False, "work"])
def test_there_is_always_a_region(
    theirs: dict[str, str], found: tuple[str, str], real_aws: bool | str
) -> None:
    environment = at_the_desk(theirs, "eu-west-2", real_aws)
    assert (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) == found


@pytest.mark.parametrize(
    "command",
    [
        ("call", "--handler", "app:handler", "--script", ""),
        ("call", "--handler", "app.py:handler", "--script", ""),
        ("call", "--handler", "template.yaml:Call", "--script", ""),
        ("lint-handler", "--handler", "app:handler", "--outbound"),
        ("lint-handler", "--handler", "app.py:handler"),
    ],
)
def test_whichever_way_a_function_is_run_it_signs_with_the_desk_s_key(
    runs: Runs, project: Path, aws: Aws, command: tuple[str, ...]
) -> None:
    (project / "template.yaml").write_text(
        "Resources:\n  Call:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      Handler: app.handler\n      Runtime: python3.13\n"
        "      CodeUri: .\n      Environment: {Variables: {AWS_PROFILE: work}}\n"
    )
    (project / ".env").write_text(f"AWS_ACCESS_KEY_ID={REAL}\nAWS_PROFILE=work\n")
    came = runs(*offhook(*command))
    assert came.returncode < 2, came.stdout + came.stderr
    assert set(aws.keys) == {"desk"}


SERVES = """
import time, urllib.request
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import load

with Server(load().with_function("app:handler"), port=0) as server:
    to = server.endpoint + "/_offhook/calls"
    json = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(to, b"{}", json)).close()
    while not server.exchange.service.ended:
        time.sleep(0.01)
"""


def test_a_server_runs_it_without_credentials(runs: Runs, project: Path, aws: Aws) -> None:
    (project / "script.py").write_text(SERVES)
    came = runs("script.py")
    assert came.returncode == 0, came.stderr
    assert set(aws.keys) == {"desk"}


def test_listing_routes_imports_the_handler_without_credentials(runs: Runs, project: Path) -> None:
    (project / "app.py").write_text("import os\nprint(os.environ['AWS_ACCESS_KEY_ID'])\n" + APP)
    assert runs(*offhook("routes", "--handler", "app:handler")).stdout.splitlines()[1] == "desk"


SCRIPT = """
import os
from app import handler
from offhook.emulator.testing import Phone

def ours():
    return {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "BOTO"))}

before = ours()
with Phone(handler) as phone:
    phone.dials().ends()
assert ours() == before
handler({}, None)
"""


def test_a_phone_blinds_clients_that_were_made_before_and_gives_all_of_it_back(
    runs: Runs, project: Path, aws: Aws
) -> None:
    (project / "script.py").write_text(SCRIPT)
    came = runs("script.py", AWS_DEFAULT_REGION="us-east-1")
    assert came.returncode == 0, came.stderr
    assert aws.keys == ["desk"] * (len(aws.keys) - 3) + [REAL] * 3
    assert len(aws.keys) > 3


STORY = """
from app import handler
from offhook.emulator.testing import Phone

def test_with_a_phone_of_its_own():
    with Phone(handler) as phone:
        phone.dials().ends()

def test_with_the_fixture(phone):
    phone.dials().ends()
"""


@pytest.mark.parametrize(
    ("arguments", "key"), [((), "desk"), (("--real-aws",), REAL)], ids=["closed", "real"]
)
def test_tests_that_import_their_handler_find_no_credentials_unless_asked(
    runs: Runs, project: Path, aws: Aws, arguments: tuple[str, ...], key: str
) -> None:
    (project / "conftest.py").write_text("import app\n")
    (project / "test_story.py").write_text(STORY)
    came = runs("-m", "pytest", "-q", "--handler=app:handler", *arguments)
    assert came.returncode == 0, came.stdout
    assert set(aws.keys) == {key}


@pytest.mark.parametrize("handler", ["app:handler", "app.py:handler"])
@pytest.mark.parametrize(
    ("arguments", "configuration", "key"),
    [
        (("--real-aws",), "", REAL),
        ((), "real_aws = true", REAL),
        ((), 'real_aws = "work"', OTHERS),
        ((), "real_aws = false", "desk"),
    ],
)
def test_who_asks_for_real_aws_gets_it_and_is_told(
    runs: Runs,
    project: Path,
    aws: Aws,
    handler: str,
    arguments: tuple[str, ...],
    configuration: str,
    key: str,
) -> None:
    (project / "offhook.toml").write_text(configuration)
    came = runs(*offhook("call", "--handler", handler, "--script", "", *arguments))
    assert came.returncode == 0, came.stdout + came.stderr
    assert set(aws.keys) == {key}
    assert ("functions have real AWS credentials" in came.stderr) == (key != "desk")


@pytest.mark.parametrize("handler", ["app:handler", "app.py:handler", "app:router"])
def test_a_function_that_wants_credentials_is_told_how_to_ask(
    runs: Runs, project: Path, aws: Aws, handler: str
) -> None:
    aws.refuses = True
    router = "\nfrom offhook.handler import Router\nrouter = Router()\n"
    (project / "app.py").write_text(
        f"{APP}{router}\n@router.new_inbound_call()\ndef f(event): return handler(event, None)\n"
    )
    came = runs(*offhook("call", "--handler", handler, "--script", ""))
    assert "the desk lets no real AWS credentials through" in came.stdout, came.stdout
    assert "--real-aws" in came.stdout


def test_a_profile_that_is_not_there_is_told_too(runs: Runs, project: Path) -> None:
    (project / "app.py").write_text(
        "import boto3\ndef handler(event, context): boto3.Session(profile_name='work')\n"
    )
    came = runs(*offhook("call", "--handler", "app:handler", "--script", ""))
    assert "the desk lets no real AWS credentials through" in came.stdout


@pytest.mark.parametrize(
    "said",
    [
        "CredentialsProviderError: Could not load credentials from any providers",
        "NoCredentialsError: Unable to locate credentials",
        "ClientError: An error occurred (InvalidAccessKeyId) when calling the GetObject operation",
        "UnrecognizedClientException: The security token included in the request is invalid.",
        "ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden",
    ],
)
def test_what_sdks_say_without_credentials_is_known(said: str) -> None:
    assert "--real-aws" in explained(Invoked(error=said), Limits()).error
    assert "--real-aws" in explained(Invoked(log=said), Limits()).log
    assert explained(Invoked(error=said), Limits(real_aws=True)).error == said


def test_any_other_failure_is_told_as_it_is() -> None:
    for said in ("KeyError: 'credentials'", "ClientError: An error occurred (404)", ""):
        assert explained(Invoked(error=said, log=said), Limits()) == Invoked(error=said, log=said)


def test_a_process_of_its_own_finds_none_whatever_its_env_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    (tmp_path / ".env").write_text(f"AWS_ACCESS_KEY_ID={REAL}\nAWS_CONFIG_FILE=mine\nTABLE=t\n")
    found = variables("menu", tmp_path, "h", Limits(environment={"AWS_SESSION_TOKEN": "t"}))
    assert (found["AWS_ACCESS_KEY_ID"], found["AWS_CONFIG_FILE"]) == ("desk", os.devnull)
    assert found.keys().isdisjoint({"AWS_PROFILE", "AWS_SESSION_TOKEN"})
    assert found["TABLE"] == "t"


@needs_node
def test_node_finds_none(runs: Runs, project: Path) -> None:
    (project / "index.mjs").write_text(
        textwrap.dedent("""\
        export const handler = async () => {
          for (const name of Object.keys(process.env).filter((n) => n.startsWith("AWS_")))
            console.log(`${name}=${process.env[name]}`);
          return { SchemaVersion: "1.0", Actions: [{ Type: "Hangup", Parameters: {} }] };
        };
        """)
    )
    said = runs(*offhook("call", "--handler", "index.mjs:handler", "--script", "")).stdout
    assert "AWS_ACCESS_KEY_ID=desk" in said
    assert REAL not in said


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell here")
def test_a_command_finds_none(runs: Runs, project: Path) -> None:
    (project / "bootstrap").write_text("echo key=$AWS_ACCESS_KEY_ID; exit 1\n")
    said = runs(*offhook("call", "--handler", "command: sh bootstrap", "--script", "")).stdout
    assert "key=desk" in said


def test_one_function_cannot_be_given_credentials_of_its_own(runs: Runs, project: Path) -> None:
    (project / "offhook.toml").write_text(
        '[functions.menu]\nfunction = "app.py:handler"\nenvironment = {AWS_PROFILE = "work"}\n'
    )
    came = runs(*offhook("call", "--handler", "app:handler"))
    assert came.returncode == 2
    assert "AWS_PROFILE is not for one function to have: write real_aws = true" in came.stderr
