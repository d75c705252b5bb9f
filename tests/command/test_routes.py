"""`offhook routes`: the table of a Router."""

from pathlib import Path

import pytest

from tests.command.conftest import Run


def test_routes_lists_which_function_answers_which_event(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    code, printed, complained = run("routes")
    assert (code, complained) == (0, "")
    lines = printed.splitlines()
    assert lines[0] == f"day: app_{folder.name}:handler answers +15550100101"
    assert [line.split()[0] for line in lines[1:4]] == [
        "ACTION_SUCCESSFUL",
        "ACTION_SUCCESSFUL",
        "NEW_INBOUND_CALL",
    ]
    assert "digits='1'" in lines[1]
    assert f"app_{folder.name}.one (app_{folder.name}.py:19)" in lines[1]
    assert lines[4] == f"night: raw_{folder.name}:silent answers +15550100102"
    assert lines[5] == "  it is not a Router, so only it knows what it answers"


def test_what_is_not_looked_for_is_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    _, printed, _ = run("routes", "action_successful", "DIGITS=")
    assert [line.split()[0] for line in printed.splitlines()[1:-2]] == ["ACTION_SUCCESSFUL"]
    _, printed, _ = run("routes", "hangup")
    assert "  none of its 3 routes has hangup in it" in printed


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_a_table_fits_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    _, printed, _ = run("routes")
    rows = [line for line in printed.splitlines() if line.startswith("  ")]
    assert max(len(line) for line in rows if "Router" not in line) <= columns
    assert "digits='1'" in printed
