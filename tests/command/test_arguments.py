"""What several subcommands take: a function, and the desk of this folder."""

from pathlib import Path

import pytest

from tests.command.conftest import Run


@pytest.mark.parametrize("command", ["call", "routes"])
@pytest.mark.parametrize(
    ("handler", "says"),
    [
        ("nowhere:handler", "cannot import nowhere"),
        ("app.py", "names no function: write app.py:lambda_handler"),
        ("{app}:nothing", "has no function 'nothing'"),
        ("{broken}:handler", "does not import: SyntaxError"),
        ("{raising}:handler", "does not import: RuntimeError: no table"),
        ("{leaving}:handler", "does not import: SystemExit"),
    ],
)
def test_a_function_that_cannot_be_used_is_a_mistake(
    run: Run, folder: Path, command: str, handler: str, says: str
) -> None:
    names = {"app": f"app_{folder.name}"}
    for name, text in (
        ("broken", "def handler(:"),
        ("raising", "raise RuntimeError('no table')"),
        ("leaving", "raise SystemExit"),
    ):
        names[name] = f"{name}_{folder.name}"
        (folder / f"{names[name]}.py").write_text(text)
    code, _, complained = run(command, "--handler", handler.format(**names))
    assert code == 2
    assert complained.startswith("offhook: ")
    assert says in complained


@pytest.mark.parametrize("command", ["call", "routes"])
def test_a_desk_without_numbers_is_a_mistake(run: Run, folder: Path, command: str) -> None:
    (folder / "offhook.toml").unlink()
    code, _, complained = run(command)
    assert code == 2
    assert complained.startswith("offhook: no number of ours is configured")


@pytest.mark.parametrize("command", ["call", "routes"])
def test_a_desk_that_cannot_be_read_is_a_mistake(run: Run, folder: Path, command: str) -> None:
    (folder / "offhook.toml").write_text("account = 17\n")
    code, _, complained = run(command)
    assert code == 2
    assert complained.startswith(f"offhook: {folder / 'offhook.toml'}: account: ")
