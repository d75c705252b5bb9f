"""`offhook lint-handler` is `offhook explore`, under its old name."""

from pathlib import Path

import pytest

from tests.command.conftest import Run


@pytest.mark.parametrize("name", ["explore", "lint-handler"])
def test_a_function_that_fails_is_found_under_either_name(
    run: Run, folder: Path, name: str
) -> None:
    handler = f"raw_{folder.name}:broken"
    code, out, _ = run(name, "--at", "2027-03-01T10:00", "--handler", handler)
    assert code == 1
    assert "function-failed: NEW_INBOUND_CALL 1: KeyError: 'Nothing'" in out
