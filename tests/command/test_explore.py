"""`offhook explore`: what it says, what it writes, how it ends.

About `offhook.command.lint_handler`.
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command.conftest import Run

DAY = ("--to", "+15550100101", "--faults", "0")
LEAVES_UP = """
from offhook.handler import NewInboundCall, Reply, Router
from offhook.actions import Speak

handler = Router()


@handler.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome.")]


@handler.action_successful()
def done(event: object) -> Reply:
    return []
"""


@pytest.fixture
def day_leaves_up(folder: Path) -> Path:
    """The day's application leaves whoever calls in silence."""
    (folder / f"app_{folder.name}.py").write_text(LEAVES_UP)
    return folder


def test_it_says_each_finding_when_it_is_found_and_then_all_of_it(
    run: Run, day_leaves_up: Path
) -> None:
    code, printed, complained = run("explore", *DAY)
    assert (code, complained) == (1, "")
    lines = printed.splitlines()
    assert lines[0] == f"app_{day_leaves_up.name}:handler: calls to +15550100101"
    assert lines[1] == "  found fault: leg-left-connected: ACTION_SUCCESSFUL 2"
    assert lines[2].startswith("  calls to +15550100101, Monday 10:00: ")
    assert "LEG-A  hears “Welcome.”" in printed
    assert lines[-1] == "to mend: 1 fault"


def test_who_the_configuration_names_is_not_varied_and_that_is_said(
    run: Run, day_leaves_up: Path
) -> None:
    with (day_leaves_up / "offhook.toml").open("a", encoding="utf-8") as config:
        config.write(
            '\n[far_ends]\n"+15550100300" = { is = "Rejects" }\ndefault = { is = "Answers" }\n'
        )
    _, printed, _ = run("explore", *DAY)
    assert printed.startswith(
        "[far_ends] of the configuration says who is at +15550100300: nobody else is tried there\n"
    )


def test_what_is_given_and_reaches_no_function_is_said(run: Run, day_leaves_up: Path) -> None:
    given = ("--sip-header", "P-Charge=7", "--sip-header", "X-Shop=7", "--argument", "name=Ada")
    _, printed, _ = run("explore", *DAY, *given)
    header, argument, *_ = printed.splitlines()
    assert header.startswith("P-Charge: of SIP headers a function is told X-...")
    assert argument.endswith("none is explored: --outbound")


def test_it_is_lint_handler_as_well(run: Run, day_leaves_up: Path) -> None:
    assert run("lint-handler", *DAY) == run("explore", *DAY)


def test_on_a_terminal_a_line_says_how_far_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("offhook.emulator.explore.explorer.TELL_SECONDS", 0)
    _, printed, complained = run("explore", *DAY)
    assert "\rcalls to +15550100101, Monday 10:00: 1 paths, 2 to go" in complained
    assert complained.endswith("\r\x1b[K")
    assert "to go" not in printed


def test_what_is_known_does_not_count_and_what_is_gone_is_said(
    run: Run, day_leaves_up: Path
) -> None:
    known = day_leaves_up / "known.json"
    code, printed, _ = run("explore", *DAY, "--baseline", str(known))
    assert code == 1
    assert printed.endswith(f"{known} is written\n")
    code, printed, _ = run("explore", *DAY, "--baseline", str(known))
    assert code == 0
    assert printed.endswith("explored to the end, nothing new; 1 known\n")
    text = known.read_text().replace("ACTION_SUCCESSFUL", "ACTION_FAILED")
    known.write_text(text)
    code, printed, _ = run("explore", *DAY, "--baseline", str(known))
    assert code == 1
    assert "  gone: leg-left-connected: ACTION_FAILED: " in printed


def test_it_writes_json_junit_and_a_map(run: Run, day_leaves_up: Path) -> None:
    files = [day_leaves_up / name for name in ("all.json", "junit.xml", "map.html")]
    options = zip(("--json", "--junit", "--map"), map(str, files), strict=True)
    code, printed, _ = run("explore", *DAY, *(each for pair in options for each in pair))
    assert code == 1
    assert [line for line in printed.splitlines() if line.endswith("is written")] == [
        f"{file} is written" for file in files
    ]
    shown = json.loads(files[0].read_text())
    assert [each["rule"] for each in shown["findings"]] == ["leg-left-connected"]
    assert len(ElementTree.parse(files[1]).findall("testsuite/testcase/failure")) == 1
    assert "leg-left-connected" in files[2].read_text()


@pytest.mark.parametrize("option", ["--json", "--junit", "--map", "--baseline"])
def test_a_file_that_cannot_be_written_is_a_mistake_in_one_line(
    run: Run, folder: Path, option: str
) -> None:
    code, printed, complained = run("explore", *DAY, option, str(folder / "no" / "such.file"))
    assert (code, printed) == (2, "")
    assert f"such.file cannot be written: there is no folder {folder / 'no'}" in complained


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--faults", "-1"), "'-1' is no number of disturbances: write 0, 1, or 2"),
        (("--seconds", "0"), "'0' is no time: write seconds, as in 60, or --all"),
        (("--seconds", "nan"), "'nan' is no time: write seconds, as in 60, or --all"),
        (("--json", "."), ". cannot be written: it is a folder"),
    ],
)
def test_what_makes_no_sense_is_said_with_what_would(
    run: Run, options: tuple[str, str], says: str
) -> None:
    code, printed, complained = run("explore", *options)
    assert (code, printed) == (2, "")
    assert says in complained


def test_where_there_is_nothing_to_explore_it_is_no_all_clear(
    run: Run, day_leaves_up: Path
) -> None:
    code, printed, _ = run("explore", *DAY, "--outbound-only")
    assert code == 2
    assert "nothing to explore: its router answers none of NEW_OUTBOUND_CALL" in printed


def test_a_number_that_is_not_ours_is_no_all_clear(run: Run) -> None:
    code, _, complained = run("explore", "--to", "+15550100777")
    assert code == 2
    assert "+15550100777 is none of our numbers: they are +15550100101" in complained
