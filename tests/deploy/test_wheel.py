"""A stranger's project, with the wheel, then with a zip: their own handler.py, their layout."""

import shutil
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from offhook.command.new import OURS, OURS_OUT
from tests.deploy.elsewhere import ROOT, Project, run, succeeds

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
    succeeds(sys.executable, "-m", "venv", "--without-pip", folder / ".venv", cwd=folder)
    project = Project(folder)
    project.installs(str(wheel))
    return project


@pytest.fixture(scope="module")
def reply_of_the_core(with_the_core: Project) -> str:
    return with_the_core.runs("python", "-c", ANSWERS)


@pytest.fixture(scope="module")
def project(origin: Path, with_the_core: Project, reply_of_the_core: str) -> Project:
    """The same at the desk, from a zip of the repository, once the core has had its turn."""
    zipped = origin.parent / "offhook.zip"
    succeeds("git", "archive", "-o", zipped, "HEAD", cwd=origin)
    with_the_core.installs(f"{zipped}[emulator]", "pytest>=9")
    return with_the_core


def test_the_wheel_holds_the_three_rooms_and_nothing_beside_offhook(names: set[str]) -> None:
    roots = [ROOT / room for room in ROOMS]
    rooms = {str(file.relative_to(root)) for root in roots for file in _files(root)}
    rooms |= {f"offhook/command/new_project/{name}" for name in (*OURS, *OURS_OUT)}
    assert {name for name in names if ".dist-info/" not in name} == rooms


def test_the_core_requires_what_answers_and_what_knows_whom_nobody_rings(metadata: Message) -> None:
    required = [str(value) for value in metadata.get_all("Requires-Dist", [])]
    core = {value.partition(">")[0].strip() for value in required if "extra ==" not in value}
    assert core == {"aws-lambda-powertools", "phonenumbers", "pydantic"}


def test_the_core_answers_without_the_emulator_extra(reply_of_the_core: str) -> None:
    assert '"Text": "Welcome."' in reply_of_the_core


def test_a_zip_of_the_repository_is_the_wheel(project: Project, names: set[str]) -> None:
    code = (
        "from importlib.metadata import distribution; offhook = distribution('offhook'); "
        "print(offhook.read_text('direct_url.json'), *offhook.files, sep='\\n')"
    )
    origin, *installed = project.runs("python", "-c", code).splitlines()
    assert "offhook.zip" in origin
    assert {name for name in names if ".dist-info/" not in name} == {
        name for name in installed if name.startswith("offhook/") and not name.endswith(".pyc")
    }


def test_offhook_is_the_one_that_was_installed(project: Project) -> None:
    place = project.runs("python", "-c", "import offhook.handler; print(offhook.handler.__file__)")
    assert Path(place.strip()).is_relative_to(project.folder)


def test_a_call_reaches_their_own_handler_py(project: Project) -> None:
    ladder = project.runs("offhook", "call", "--handler", "handler:lambda_handler", "--script", "1")
    assert "“Press 1.”" in ladder
    assert "“You pressed 1.”" in ladder
    assert ladder.rstrip().endswith("the call is over")


@pytest.mark.parametrize("file", ["notes.txt", "__init__.py"])
@pytest.mark.parametrize("name", ["flow:router", "./handler.py:lambda_handler"])
def test_a_folder_of_theirs_called_offhook_is_in_nobody_s_way(
    project: Project, file: str, name: str
) -> None:
    folder = project.folder / "offhook"
    folder.mkdir()
    (folder / file).touch()
    try:
        ladder = project.runs("offhook", "call", "--handler", name, "--script", "1")
    finally:
        shutil.rmtree(folder)
    assert ladder.rstrip().endswith("the call is over")


def test_what_needs_another_extra_says_so_and_what_it_takes(project: Project) -> None:
    for command, extra in (("serve", "serve"), ("local", "local"), ("phone", "serve")):
        assert f"usage: offhook {command}" in project.runs("offhook", command, "--help")
        done = run([project.commands / "offhook", command], cwd=project.folder)
        assert done.returncode == 2
        assert f'pip install "offhook[{extra}]", or `make {command}` here' in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_the_doctor_says_that_it_needs_boto3(project: Project) -> None:
    done = run([project.commands / "offhook", "doctor", "+15550100100"], cwd=project.folder)
    assert done.returncode == 2
    assert done.stderr.startswith('offhook: the doctor needs boto3: pip install "offhook[trigger]"')
    assert len(done.stderr.splitlines()) == 1


def test_the_routes_of_their_flow_are_listed(project: Project) -> None:
    table = project.runs("offhook", "routes", "--handler", "flow:router")
    assert "NEW_INBOUND_CALL" in table
    assert "flow.welcome" in table


def test_their_tests_have_a_phone(project: Project) -> None:
    assert "2 passed" in project.runs("python", "-m", "pytest", "-q", "test_line.py")


def _files(room: Path) -> list[Path]:
    return [file for file in room.rglob("*") if file.is_file() and file.suffix != ".pyc"]
