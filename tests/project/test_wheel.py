"""The wheel in a stranger's project: their own handler.py, their layout, a fresh environment."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("actions", "handler", "emulator")

HANDLER = '''
"""Their function as it was before: dicts, and no Offhook."""


def lambda_handler(event, context):
    actions = []
    if event["InvocationEventType"] == "NEW_INBOUND_CALL":
        actions = [
            {"Type": "SpeakAndGetDigits", "Parameters": {
                "SpeechParameters": {"Text": "Press 1."},
                "FailureSpeechParameters": {"Text": "Sorry?"},
                "MaxNumberOfDigits": 1,
                "RepeatDurationInMilliseconds": 5000,
            }},
        ]
    if event["InvocationEventType"] == "ACTION_SUCCESSFUL":
        digits = event["ActionData"]["ReceivedDigits"]
        actions = [
            {"Type": "Speak", "Parameters": {"Text": f"You pressed {digits}."}},
            {"Type": "Hangup", "Parameters": {}},
        ]
    return {"SchemaVersion": "1.0", "Actions": actions}
'''

FLOW = '''
"""Their first flow."""

from offhook.actions import Hangup, Speak
from offhook.handler import NewInboundCall, Reply, Router

router = Router()


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome."), Hangup()]
'''

LINE = '''
"""Their tests, of both."""

from handler import lambda_handler
from offhook.emulator.testing import Phone


def test_the_new_flow_says_welcome(phone: Phone) -> None:
    call = phone.dials("+15550100123")
    call.hears("Welcome.")
    call.ends()


def test_the_old_handler_reads_the_key_back() -> None:
    with Phone(lambda_handler) as phone:
        call = phone.dials()
        call.hears("Press 1.")
        call.presses("1")
        call.hears("You pressed 1.")
        call.ends()
'''

DESK = """
[[sip_media_applications]]
name = "line"
numbers = ["+15550100123"]
function = "flow:router"
"""

ANSWERS = """
import json, flow
leg = {"CallId": "a", "ParticipantTag": "LEG-A", "To": "+15550100123", "From": "+15550100200",
       "Direction": "Inbound", "StartTimeInMilliseconds": "0"}
print(json.dumps(flow.router({
    "SchemaVersion": "1.0", "Sequence": 1, "InvocationEventType": "NEW_INBOUND_CALL",
    "CallDetails": {"TransactionId": "t", "Participants": [leg]},
}, None)))
"""

THEIR_OWN = ("AWS_", "OFFHOOK_", "PYTEST", "PYTHON")
"""What the environment may say about this checkout, and a stranger's does not."""
ABOUT_PIP = ("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER", "VIRTUAL_ENV")


def run(command: Sequence[str | Path], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(THEIR_OWN) and name not in ABOUT_PIP
    }
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def succeeds(*command: str | Path, cwd: Path) -> str:
    done = run(command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Project:
    """A folder of somebody else, with an environment in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commands = folder / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")

    def runs(self, command: str, *arguments: str) -> str:
        """What a command of the environment prints."""
        return succeeds(self.commands / command, *arguments, cwd=self.folder)

    def installs(self, *what: str) -> None:
        """Install from whatever registry this user's pip is configured for."""
        pip = (self.commands / "python", "-m", "pip", "-q", "install", "--no-input")
        done = run((*pip, *what), cwd=self.folder)
        if done.returncode != 0:
            pytest.fail(
                f"pip could not install {' '.join(what)}: is its package index within reach from "
                f"here? This test needs one.\n{done.stderr[-2000:]}",
                pytrace=False,
            )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    succeeds(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target, cwd=ROOT)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: set[str]) -> Message:
    (file,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(file).decode())


@pytest.fixture(scope="module")
def with_the_core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What Lambda has: the wheel, and no extra."""
    folder = tmp_path_factory.mktemp("their project")
    files = {"handler.py": HANDLER, "flow.py": FLOW, "test_line.py": LINE, "offhook.toml": DESK}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    succeeds(sys.executable, "-m", "venv", folder / ".venv", cwd=folder)
    project = Project(folder)
    project.installs(str(wheel))
    return project


@pytest.fixture(scope="module")
def reply_of_the_core(with_the_core: Project) -> str:
    return with_the_core.runs("python", "-c", ANSWERS)


@pytest.fixture(scope="module")
def project(wheel: Path, with_the_core: Project, reply_of_the_core: str) -> Project:
    """The same project at the desk, once the core has had its turn."""
    with_the_core.installs(f"{wheel}[emulator]", "pytest>=9")
    return with_the_core


def test_the_wheel_holds_the_three_rooms_and_nothing_beside_offhook(names: set[str]) -> None:
    roots = [ROOT / room for room in ROOMS]
    rooms = {str(file.relative_to(root)) for root in roots for file in _files(root)}
    assert {name for name in names if ".dist-info/" not in name} == rooms


def test_the_core_requires_pydantic_and_powertools_only(metadata: Message) -> None:
    required = [str(value) for value in metadata.get_all("Requires-Dist", [])]
    core = {value.partition(">")[0].strip() for value in required if "extra ==" not in value}
    assert core == {"aws-lambda-powertools", "pydantic"}


def test_the_core_answers_without_the_emulator_extra(reply_of_the_core: str) -> None:
    assert '"Text": "Welcome."' in reply_of_the_core


def test_offhook_is_the_one_that_was_installed(project: Project) -> None:
    place = project.runs("python", "-c", "import offhook.handler; print(offhook.handler.__file__)")
    assert Path(place.strip()).is_relative_to(project.folder)


def test_a_call_reaches_their_own_handler_py(project: Project) -> None:
    ladder = project.runs("offhook", "call", "--handler", "handler:lambda_handler", "--script", "1")
    assert "“Press 1.”" in ladder
    assert "“You pressed 1.”" in ladder
    assert ladder.rstrip().endswith("the call is over")


def test_the_routes_of_their_flow_are_listed(project: Project) -> None:
    table = project.runs("offhook", "routes", "--handler", "flow:router")
    assert "NEW_INBOUND_CALL" in table
    assert "flow.welcome" in table


def test_their_tests_have_a_phone(project: Project) -> None:
    assert "2 passed" in project.runs("python", "-m", "pytest", "-q", "test_line.py")


def _files(room: Path) -> list[Path]:
    return [file for file in room.rglob("*") if file.is_file() and file.suffix != ".pyc"]
