"""What ships: the flows, offhook without the emulator, and what they need, for arm64."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

OURS = {"flows", "offhook"}
THEIRS = {
    "annotated_types",
    "aws_lambda_powertools",
    "jmespath",
    "pydantic",
    "pydantic_core",
    "typing_extensions.py",
    "typing_inspection",
}


def test_exactly_the_flows_offhook_and_their_dependencies_ship(build: Path) -> None:
    found = {entry.name for entry in build.iterdir() if not entry.name.endswith(".dist-info")}
    assert found == OURS | THEIRS


def test_the_emulator_the_tests_and_the_prompts_stay_at_home(build: Path) -> None:
    assert {entry.name for entry in (build / "offhook").iterdir()} == {
        "__init__.py",
        "actions",
        "handler",
        "py.typed",
    }
    assert not list(build.rglob("__pycache__"))
    assert not list(build.rglob("*.wav"))


def test_compiled_parts_are_for_arm64_and_python_3_13(build: Path) -> None:
    compiled = list(build.rglob("*.so"))
    assert compiled
    for library in compiled:
        machine = library.read_bytes()[18:20]
        assert machine == b"\xb7\x00", f"{library.name} is not for aarch64"
        assert "cpython-313" in library.name or "abi3" in library.name


def test_it_is_small(build: Path, tmp_path: Path) -> None:
    files = [file for file in build.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 15 * 1024 * 1024
    archive = tmp_path / "function.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in files:
            target.write(file, file.relative_to(build))
    assert archive.stat().st_size <= 5 * 1024 * 1024


def test_what_ships_runs_without_the_checkout(build: Path, tmp_path: Path) -> None:
    event = (Path(__file__).parents[2] / "events/new_inbound_call/minimal.json").read_text()
    # Pure Python from the build; pydantic's compiled core is for another machine, so from here.
    code = (
        "import json, sys; sys.path[:0] = [sys.argv[1]]; import pydantic_core; "
        "from flows.app import lambda_handler; import offhook; "
        "assert offhook.__file__.startswith(sys.argv[1]); "
        "print(json.dumps(lambda_handler(json.loads(sys.argv[2]), None)))"
    )
    for name in OURS:
        shutil.copytree(build / name, tmp_path / name)
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), event],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "Welcome to the bicycle workshop." in result.stdout
