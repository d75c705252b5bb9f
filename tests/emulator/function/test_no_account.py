"""Whichever way a function is run, in a developer's own environment: no account, unless asked."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from offhook.command.main import main
from offhook.emulator.function.names import runs_here
from tests.emulator.function.conftest import OTHERS, REAL, needs_node
from tests.sampled import sampled

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

WITH_ONE_CLIENT = """
import boto3

made_at_import = boto3.client("dynamodb", region_name="us-east-1")


def handler(event, context):
    made_at_import.list_tables()
    return {"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup", "Parameters": {}}]}
"""
"""For what imports its handler again and again, and where one is enough."""


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
def project(tmp_path: Path) -> Path:
    """A project of a developer, whose handler makes clients when it is imported."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    (folder / "quick.py").write_text(WITH_ONE_CLIENT)
    return folder


OURS = ("AWS_", "OFFHOOK_", "PYTEST", "BOTO")


def developers(home: Path, aws: Aws) -> dict[str, str]:
    """The variables of a developer's environment."""
    key = {"AWS_ACCESS_KEY_ID": REAL, "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    return {**key, "HOME": str(home), "AWS_ENDPOINT_URL": aws.endpoint}


Runs = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def runs(project: Path, home: Path, aws: Aws) -> Runs:
    """Run something in that project with the developer's environment, credentials and all."""

    def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: v for name, v in os.environ.items() if not name.startswith(OURS)}
        return subprocess.run(
            [sys.executable, *command],
            cwd=project,
            env={**inherited, **developers(home, aws), **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def offhook(command: str, *arguments: str) -> tuple[str, ...]:
    return ("-m", "offhook.command.main", command, *arguments)


@dataclass
class Calls:
    """Places a call in that project: `(code, out, err)`. A function of a process of its own needs
    no other process to ask for it."""

    runs: Runs
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    environment: dict[str, str]

    def __call__(self, handler: str, *arguments: str) -> tuple[int, str, str]:
        typed = ("call", "--handler", handler, "--script", "", *arguments)
        if runs_here(handler):
            came = self.runs(*offhook(*typed))
            return came.returncode, came.stdout, came.stderr
        for name in [name for name in os.environ if name.startswith(OURS)]:
            self.patch.delenv(name)
        for name, value in self.environment.items():
            self.patch.setenv(name, value)
        code = main(typed)
        said, told = self.capsys.readouterr()
        return code, said, told


@pytest.fixture
def calls(
    runs: Runs,
    project: Path,
    home: Path,
    aws: Aws,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Calls:
    monkeypatch.chdir(project)
    return Calls(runs, monkeypatch, capsys, developers(home, aws))


@pytest.mark.parametrize(
    "command",
    [
        ("call", "--handler", "app.py:handler", "--script", ""),
        *(
            pytest.param(command, marks=pytest.mark.thorough)
            for command in (
                ("call", "--handler", "app:handler", "--script", ""),
                ("call", "--handler", "template.yaml:Call", "--script", ""),
                ("lint-handler", "--handler", "quick:handler"),
            )
        ),
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
    while not server.service.ended:
        time.sleep(0.01)
"""


@pytest.mark.thorough
def test_a_server_runs_it_without_credentials(runs: Runs, project: Path, aws: Aws) -> None:
    (project / "script.py").write_text(SERVES)
    came = runs("script.py")
    assert came.returncode == 0, came.stderr
    assert set(aws.keys) == {"desk"}


@pytest.mark.thorough
def test_listing_routes_imports_the_handler_without_credentials(runs: Runs, project: Path) -> None:
    (project / "app.py").write_text("import os\nprint(os.environ['AWS_ACCESS_KEY_ID'])\n" + APP)
    told = runs(*offhook("routes", "--handler", "app:handler")).stdout.splitlines()
    assert told[1] == "  | desk"


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


@pytest.mark.thorough
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
    ("arguments", "key"),
    [((), "desk"), pytest.param(("--real-aws",), REAL, marks=pytest.mark.thorough)],
    ids=["closed", "real"],
)
def test_tests_that_import_their_handler_find_no_credentials_unless_asked(
    runs: Runs, project: Path, aws: Aws, arguments: tuple[str, ...], key: str
) -> None:
    (project / "conftest.py").write_text("import app\n")
    (project / "test_story.py").write_text(STORY)
    ours = ("-p", "offhook.emulator.testing.plugin", "--handler=app:handler")
    came = runs("-m", "pytest", "-q", *ours, *arguments, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert came.returncode == 0, came.stdout
    assert set(aws.keys) == {key}


@pytest.mark.parametrize(
    ("handler", "arguments", "configuration", "key"),
    [
        pytest.param("app:handler", ("--real-aws",), "", REAL, marks=pytest.mark.thorough),
        pytest.param("app.py:handler", (), "real_aws = true", REAL, marks=pytest.mark.thorough),
        pytest.param("app:handler", (), 'real_aws = "work"', OTHERS, marks=pytest.mark.thorough),
        ("app.py:handler", (), 'real_aws = "work"', OTHERS),
        pytest.param("app:handler", (), "real_aws = false", "desk", marks=pytest.mark.thorough),
    ],
)
def test_who_asks_for_real_aws_gets_it_and_is_told(
    calls: Calls,
    project: Path,
    aws: Aws,
    handler: str,
    arguments: tuple[str, ...],
    configuration: str,
    key: str,
) -> None:
    (project / "offhook.toml").write_text(configuration)
    code, said, told = calls(handler, *arguments)
    assert code == 0, said + told
    assert set(aws.keys) == {key}
    assert ("functions have real AWS credentials" in told) == (key != "desk")


@pytest.mark.parametrize(
    "handler",
    sampled(["app.py:handler", "app:router", "app:handler"], 1),
)
def test_a_function_that_wants_credentials_is_told_how_to_ask(
    calls: Calls, project: Path, aws: Aws, handler: str
) -> None:
    aws.refuses = True
    router = "\nfrom offhook.handler import Router\nrouter = Router()\n"
    (project / "app.py").write_text(
        f"{WITH_ONE_CLIENT}{router}\n@router.new_inbound_call()\n"
        "def f(event): return handler(event, None)\n"
    )
    _, said, _ = calls(handler)
    assert "the desk lets no real AWS credentials through" in said, said
    assert "--real-aws" in said


@pytest.mark.thorough
def test_a_profile_that_is_not_there_is_told_too(runs: Runs, project: Path) -> None:
    (project / "app.py").write_text(
        "import boto3\ndef handler(event, context): boto3.Session(profile_name='work')\n"
    )
    came = runs(*offhook("call", "--handler", "app:handler", "--script", ""))
    assert "the desk lets no real AWS credentials through" in came.stdout


@pytest.mark.thorough
def test_a_process_that_is_started_from_there_takes_its_own_desk_s_region(
    runs: Runs, project: Path
) -> None:
    (project / "app.py").write_text(
        "import os\ndef handler(event, context): raise ValueError(os.environ['AWS_REGION'])\n"
    )
    (project / "offhook.toml").write_text('region = "eu-west-2"\n')
    (project / "script.py").write_text(
        "import subprocess, sys\n"
        "from offhook.emulator.function.credentials import hold\n"
        'hold("us-east-1", real_aws=False)\n'
        f"subprocess.run([sys.executable, *{offhook('call', '--handler', 'app.py:handler')}])\n"
    )
    assert "ValueError: eu-west-2" in runs("script.py").stdout


@needs_node
@pytest.mark.thorough
def test_node_finds_none(calls: Calls, project: Path) -> None:
    (project / "index.mjs").write_text(
        textwrap.dedent("""\
        export const handler = async () => {
          for (const name of Object.keys(process.env).filter((n) => n.startsWith("AWS_")))
            console.log(`${name}=${process.env[name]}`);
          return { SchemaVersion: "1.0", Actions: [{ Type: "Hangup", Parameters: {} }] };
        };
        """)
    )
    _, said, _ = calls("index.mjs:handler")
    assert "AWS_ACCESS_KEY_ID=desk" in said
    assert REAL not in said


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell here")
def test_a_command_finds_none(calls: Calls, project: Path) -> None:
    (project / "bootstrap").write_text("echo key=$AWS_ACCESS_KEY_ID; exit 1\n")
    _, said, _ = calls("command: sh bootstrap")
    assert "key=desk" in said


def test_one_function_cannot_be_given_credentials_of_its_own(calls: Calls, project: Path) -> None:
    (project / "offhook.toml").write_text(
        '[functions.menu]\nfunction = "app.py:handler"\nenvironment = {AWS_PROFILE = "work"}\n'
    )
    code, _, told = calls("app.py:handler")
    assert code == 2
    assert "AWS_PROFILE is not for one function to have: write real_aws = true" in told
