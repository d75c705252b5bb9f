"""What npm brings is what was looked at, by its hash, and nothing of it runs at installation."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").rglob("package-lock.json"))
SCRIPTS = (ROOT / "Makefile", ROOT / ".ci" / "dynamodb-local")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_every_package_has_its_hash_and_no_address(lock: Path) -> None:
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text())["packages"]
    root = packages.pop("")
    asked = json.loads(lock.with_name("package.json").read_text())
    for kind in ("dependencies", "optionalDependencies"):
        wanted = root.get(kind, {})
        assert wanted == asked.get(kind, {})
        # Another name for a package says which package it is.
        assert all(re.fullmatch(r"(npm:[\w@/-]+@)?[0-9.]+", each) for each in wanted.values())
    assert packages
    for name, package in packages.items():
        assert "resolved" not in package, name
        if not package.get("inBundle"):  # that comes in the package above it, and is of its hash
            assert package["integrity"].startswith("sha512-"), name


def test_no_script_of_a_package_runs() -> None:
    said = "\n".join(file.read_text() for file in SCRIPTS).replace("\\\n", " ")
    asked = re.findall(r"npm (?:ci|install|i)\b.*", said)
    assert len(asked) == 3
    for line in asked:
        assert "--ignore-scripts" in line, line
        assert line.startswith("npm ci ") or "--package-lock-only" in line, line


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_a_dynamodb_that_is_another_does_not_run(tmp_path: Path) -> None:
    script = (ROOT / ".ci" / "dynamodb-local").read_text().replace("ip link set lo up\n", "true\n")
    home = tmp_path / ".venv-dynamodb"
    (home / "local").mkdir(parents=True)
    (home / "local" / "DynamoDBLocal.jar").write_bytes(b"another")
    (tmp_path / ".ci").mkdir()
    copy = tmp_path / ".ci" / "dynamodb-local"
    copy.write_text(script)
    ran = subprocess.run(["bash", str(copy), "inside"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "is not the DynamoDB Local that" in ran.stderr
