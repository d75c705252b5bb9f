"""`offhook invoke`: what cannot be invoked. tests/deploy invokes."""

from pathlib import Path

from tests.command.conftest import Run


def test_an_event_that_is_not_there_is_a_mistake(run: Run) -> None:
    code, printed, complained = run("invoke", "events/none.json")
    assert (code, printed) == (2, "")
    assert complained.startswith("offhook: there is no event events/none.json: ")


def test_an_event_that_is_not_json_is_a_mistake(run: Run, folder: Path) -> None:
    (folder / "event.json").write_text("{")
    code, _, complained = run("invoke", "event.json")
    assert code == 2
    assert complained.startswith("offhook: event.json is not JSON: ")


def test_without_a_number_there_is_no_function_to_invoke(run: Run, folder: Path) -> None:
    (folder / "offhook.toml").unlink()
    code, _, complained = run("invoke", "events/none.json")
    assert code == 2
    assert complained.startswith("offhook: no number of ours is configured")
