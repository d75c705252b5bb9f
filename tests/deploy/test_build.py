"""What ships: offhook without the emulator, and what each function needs, for arm64."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOTH = {
    "annotated_types",
    "aws_lambda_powertools",
    "built",
    "jmespath",
    "offhook",
    "phonenumbers",
    "pydantic",
    "pydantic_core",
    "typing_extensions.py",
    "typing_inspection",
}
SHIPS = {
    "CallFunction": BOTH | {"flows"},
    "TriggerFunction": BOTH | {"tzdata"},  # boto3 is in Lambda's runtime
}


@pytest.fixture(params=sorted(SHIPS))
def build(builds: dict[str, Path], request: pytest.FixtureRequest) -> Path:
    """What is built of each function."""
    name: str = request.param
    return builds[name]


def test_exactly_what_the_function_needs_ships(build: Path) -> None:
    found = {entry.name for entry in build.iterdir() if entry.suffix != ".dist-info"}
    assert found - {"__pycache__"} == SHIPS[build.name]


def test_the_emulator_the_tests_and_the_prompts_stay_at_home(build: Path) -> None:
    assert {entry.name for entry in (build / "offhook").iterdir()} == {"actions", "handler"}
    assert not list(build.rglob("*.wav"))


def test_compiled_parts_are_for_arm64_and_python_3_13(build: Path) -> None:
    compiled = list(build.rglob("*.so"))
    assert compiled
    for library in compiled:
        machine = library.read_bytes()[18:20]
        assert machine == b"\xb7\x00", f"{library.name} is not for aarch64"
        assert "cpython-313" in library.name or "abi3" in library.name


def test_its_bytecode_is_there_and_never_checked(build: Path) -> None:
    """Of Python 3.13, where this machine has one: `make python-of-lambda` says which."""
    found = subprocess.run(
        ["make", "-s", "python-of-lambda"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    compiled = {file.name for file in build.rglob("*.pyc")}
    if not found.stdout.strip():
        assert not compiled
        return
    assert {"router.cpython-313.pyc", "main.cpython-313.pyc"} <= compiled
    for file in build.rglob("*.pyc"):
        head = file.read_bytes()[:8]
        assert head[:4] == (3571).to_bytes(2, "little") + b"\r\n"
        assert head[4:] == b"\x01\0\0\0", f"{file.name} is compared with its source at each start"


def test_it_is_small(build: Path, tmp_path: Path) -> None:
    files = [file for file in build.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 22 * 1024 * 1024
    archive = tmp_path / "function.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in files:
            target.write(file, file.relative_to(build))
    assert archive.stat().st_size <= 7 * 1024 * 1024


ANSWER = """
import json, sys
from flows.app import lambda_handler
print(json.dumps(lambda_handler(json.load(open(sys.argv[1])), None)))
assert "phonenumbers" not in sys.modules
"""

BRIDGE = """
import json, os, sys
import phonenumbers
assert phonenumbers.__file__.startswith(os.getcwd())
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from offhook.actions.base import UnknownAction
from offhook.handler import Router, guarded_by

def leaves(number: str) -> bool:
    endpoint = {"BridgeEndpointType": "PSTN", "Uri": number}
    action = {"Type": "CallAndBridge", "Parameters": {"Endpoints": [endpoint]}}
    router = Router()
    router.check()(guarded_by({}))
    router.new_inbound_call()(lambda event: [UnknownAction.keep(action)])
    return "CallAndBridge" in str(router(json.load(open(sys.argv[1]))))

for kind in ("PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER", "PAGER", "UAN"):
    for country in phonenumbers.SUPPORTED_REGIONS:
        number = phonenumbers.example_number_for_type(country, getattr(PhoneNumberType, kind))
        if number is not None:
            said = phonenumbers.format_number(number, PhoneNumberFormat.E164)
            print(said, leaves(said))
print(leaves("+442079460123"), leaves("+493012345678"), leaves("+12125550143"))
"""

DECIDE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from offhook.handler import DialPolicy, trigger
from offhook.handler.errors import DialRefused
import phonenumbers, phonenumbers.timezone, tzdata
for module in (phonenumbers, tzdata):
    assert module.__file__.startswith(os.getcwd()), module.__file__
policy = DialPolicy.from_environment(os.environ)
for hour in (6, 12):
    for number in ("+442079460123", "+4930901820", "+81312345678", "+449098790123"):
        try:
            policy.check(
                to=number, from_="+12025550100", now=datetime(2027, 1, 15, hour, tzinfo=UTC)
            )
        except DialRefused as refused:
            print(hour, number, refused)
        else:
            print(hour, number, "is dialled")
"""


def runs(code: str, build: Path, place: Path, *arguments: str, **variables: str) -> str:
    """What the code says where only the build is, and what is for another machine from here."""
    for name in {"offhook", "flows", "phonenumbers", "tzdata"} & SHIPS[build.name]:
        shutil.copytree(build / name, place / name)
    # Pure Python from the build; pydantic's compiled core is for another machine, so from here.
    code = (
        "import os, sys; sys.path.insert(0, os.getcwd()); import offhook.handler; "
        "assert offhook.handler.__file__.startswith(os.getcwd())\n" + code
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={**os.environ, **variables},
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_call_function_runs_without_the_checkout(
    builds: dict[str, Path], tmp_path: Path
) -> None:
    event = ROOT / "events/new_inbound_call/minimal.json"
    said = runs(ANSWER, builds["CallFunction"], tmp_path, str(event))
    assert json.loads(said)["Actions"]


def test_the_call_function_bridges_nobody_with_a_number_that_is_never_called(
    builds: dict[str, Path], tmp_path: Path
) -> None:
    event = ROOT / "events/new_inbound_call/minimal.json"
    *never, ordinary = runs(BRIDGE, builds["CallFunction"], tmp_path, str(event)).splitlines()
    assert len(never) > 250
    assert [line for line in never if "True" in line] == []
    assert ordinary == "True True True"


def test_the_trigger_knows_countries_kinds_and_clocks_without_the_checkout(
    builds: dict[str, Path], tmp_path: Path
) -> None:
    said = runs(
        DECIDE,
        builds["TriggerFunction"],
        tmp_path,
        OFFHOOK_DIAL_DESTINATIONS="GB,DE",
        OFFHOOK_DIAL_FROM="+12025550100",
        PYTHONTZPATH="",  # what this machine knows of time zones is nothing to Lambda
    )
    assert "6 +442079460123 it is 06:00 where the callee is (Europe/London)" in said
    assert "6 +4930901820 it is 07:00 where the callee is (Europe/Berlin)" in said
    assert "12 +442079460123 is dialled" in said
    assert "12 +4930901820 is dialled" in said
    assert "12 +81312345678 OFFHOOK_DIAL_DESTINATIONS allows GB, DE" in said
    assert "12 +449098790123 the number's kind is PREMIUM_RATE" in said


def test_what_makes_numbers_needs_only_what_is_in_lambdas_runtime(
    builds: dict[str, Path], tmp_path: Path
) -> None:
    build = builds["ProvisioningFunction"]
    assert [entry.name for entry in build.iterdir()] == ["offhook"]
    assert [entry.name for entry in (build / "offhook").iterdir()] == ["provisioning"]
    code = (
        "import os, sys; sys.path.insert(0, os.getcwd())\n"
        "from offhook.provisioning import function, service\n"
        "assert service.client('us-east-1')\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules"
        " if 'site-packages' in str(getattr(sys.modules[name], '__file__', ''))}))"
    )
    shutil.copytree(build / "offhook", tmp_path / "offhook")
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ,
    )
    assert ran.returncode == 0, ran.stderr
    assert "boto3" in ran.stdout.split()
    assert not {*ran.stdout.split()} & (BOTH - {"jmespath"})
