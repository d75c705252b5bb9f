"""From "the caller said it dropped at 14:03" to the ladder, as it is typed.

About `offhook.command.logs`, `offhook.command.logs.calibrating`, `offhook.command.logs.choosing`,
`offhook.command.logs.importing`, `offhook.command.logs.listing`, `offhook.command.logs.replaying`
and `offhook.command.logs.showing`.
"""

import io
import os
import re
import sys
from pathlib import Path

import pytest

from offhook.command.logs.importing import report
from offhook.emulator.settings import Settings
from offhook.production.logs.imported import Imported
from offhook.production.logs.recorded import write
from tests.command.conftest import Run
from tests.production.logs.dressed import CONTAINERS, STYLES, entries
from tests.production.logs.happened import calls
from tests.production.logs.hidden import happened


@pytest.fixture
def exported(folder: Path) -> Path:
    """What `aws logs tail` printed."""
    (text,) = CONTAINERS["aws logs tail"](entries(calls(), STYLES["console.log"]))
    (folder / "tail.txt").write_bytes(text)
    return folder


@pytest.fixture
def imported(exported: Path, run: Run) -> Path:
    """The folder of calls that is made of it."""
    assert run("logs", "import", "tail.txt", "-o", "calls")[0] == 0
    return exported / "calls"


def test_an_import_says_what_came_of_it(exported: Path, run: Run) -> None:
    code, printed, complained = run("logs", "import", "tail.txt", "-o", "calls")
    assert (code, complained) == (0, "")
    assert "4 calls of 12 events, from 66 lines: calls/2027-03-01.jsonl" in printed
    assert "1 deliveries beyond the first" in printed
    assert "Changed, so that it is nobody's:" in printed
    assert "5 header X-Name" in printed
    assert "4711" not in (exported / "calls/2027-03-01.jsonl").read_text(encoding="utf-8")


def test_with_keep_all_of_it_is_as_it_was(exported: Path, run: Run) -> None:
    _, printed, _ = run("logs", "import", "tail.txt", "-o", "calls", "--keep")
    assert "Nothing was changed: calls has numbers and names of callers." in printed
    assert "4711" in (exported / "calls/2027-03-01.jsonl").read_text(encoding="utf-8")


def test_the_application_s_own_words_can_be_named(exported: Path, run: Run) -> None:
    run("logs", "import", "tail.txt", "-o", "calls", "--ours", "step")
    text = (exported / "calls/2027-03-01.jsonl").read_text(encoding="utf-8")
    assert '{"step":"pin"' in text


def test_a_folder_and_the_standard_input_are_read(
    exported: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (exported / "tail.txt").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run("logs", "import", "-", "-o", "one")[0] == 0
    (exported / "many/a").mkdir(parents=True)
    (exported / "tail.txt").rename(exported / "many/a/tail.txt")
    assert run("logs", "import", "many", "-o", "other")[0] == 0
    one, other = ((exported / each / "2027-03-01.jsonl").read_bytes() for each in ("one", "other"))
    assert one == other


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "nowhere.txt", "-o", "calls"), "nowhere.txt is not there"),
        (("import", "offhook.toml", "-o", "calls"), "its handler has to log its event, whole"),
        (("import", "tail.txt"), "the following arguments are required: -o/--output"),
        (("list", "nowhere"), "nowhere has no calls: offhook logs import FILES... -o nowhere"),
        (("show", "nowhere", "--day", "Monday"), "'Monday' is no day"),
        (("show", "tail.txt"), "tail.txt:1: it is no JSON"),
    ],
)
def test_a_mistake_is_told_in_a_line(
    exported: Path, run: Run, arguments: tuple[str, ...], says: str
) -> None:
    code, printed, complained = run("logs", *arguments)
    assert (code, printed) == (2, "")
    assert says in complained
    assert not (exported / "calls").exists()


def test_calls_are_never_written_over(imported: Path, run: Run) -> None:
    code, _, complained = run("logs", "import", "tail.txt", "-o", "calls")
    assert code == 2
    assert "calls has calls already" in complained
    assert imported.is_dir()


@pytest.mark.usefixtures("imported")
def test_a_list_has_how_each_ended_and_what_is_wrong(run: Run) -> None:
    code, printed, _ = run("logs", "list", "calls")
    lines = printed.splitlines()
    assert code == 0
    assert lines[-1] == "4 calls: 2 we hung up, 1 dropped, 1 they hung up"
    assert re.fullmatch(
        r"2027-03-01T10:00:03.000Z  [\da-f]{8}-[\da-f]{4}  \+15550100200 → \+15550100100  dropped "
        r"after 0\.0 s: the function failed: KeyError: 'name'  \[function-failed\]",
        lines[1],
    )
    _, worst, _ = run("logs", "list", "calls", "--worst", "1")
    assert worst.splitlines()[0] == lines[1]


@pytest.mark.usefixtures("imported")
def test_a_call_is_shown_with_where_the_caller_was_lost(run: Run) -> None:
    code, printed, _ = run("logs", "show", "calls", "--at", "2027-03-01T10:00:03", "--worst", "1")
    assert code == 0
    assert "▶ the caller was lost here: the function failed: KeyError: 'name'" in printed
    assert "1 thing to mend in the handler:" in printed
    name = printed.split()[1]
    assert run("logs", "show", "calls", name[:6])[1] == printed
    assert "dials" not in run("logs", "show", "calls", "--number", "+15550100300")[1]


@pytest.mark.usefixtures("imported")
def test_calls_are_saved_as_a_page(folder: Path, run: Run) -> None:
    code, printed, _ = run("logs", "show", "calls", "--html", "calls.html")
    assert (code, printed) == (0, "calls.html is written: 4 calls\n")
    assert "the caller was lost here" in (folder / "calls.html").read_text(encoding="utf-8")
    code, _, complained = run("logs", "show", "calls", "--html", "no/calls.html")
    assert code == 2
    assert "no/calls.html cannot be written" in complained


@pytest.mark.usefixtures("imported")
def test_the_calls_can_be_drawn(folder: Path, run: Run) -> None:
    code, printed, _ = run("logs", "show", "calls", "--picture", "calls.svg")
    assert (code, printed) == (0, "drawn: calls.svg\n")
    assert "▶ the caller was lost here" in (folder / "calls.svg").read_text(encoding="utf-8")
    code, _, complained = run("logs", "show", "calls", "--picture", "no/calls.svg")
    assert code == 2
    assert "there is no folder 'no': make it first" in complained


@pytest.mark.usefixtures("imported")
def test_where_no_call_is_meant_that_is_said(run: Run) -> None:
    for command in ("list", "show"):
        code, printed, complained = run("logs", command, "calls", "--day", "2026-01-01")
        assert (code, printed) == (1, "")
        assert "no call is meant by that" in complained


def test_a_report_says_what_the_logs_did_not_have() -> None:
    done = Imported(
        calls=2,
        incomplete=1,
        unseen=3,
        orphans=4,
        lost=5,
        unexplained=6,
        unreadable=["x ends"],
        kept={"attribute step": ["menu", "pin"]},
    )
    told = report(done, Path("calls"), kept=False)
    for says in (
        "1 incomplete call:",
        "3 events without a reply",
        "4 replies without an event",
        "5 objects that began",
        "6 texts of the service's message log: of none",
        "x ends",
        "attribute step: menu, pin",
    ):
        assert says in told


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_on_a_terminal_a_bar_says_how_far_it_is(
    exported: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pty

    ours, theirs = pty.openpty()
    text = (exported / "tail.txt").read_bytes()
    (exported / "tail.txt").write_bytes(text * 40)
    monkeypatch.chdir(exported)
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        code, printed, _ = run("logs", "import", "tail.txt", "-o", "x")
    shown = os.read(ours, 1_000_000).decode(errors="replace")
    os.close(ours)
    assert code == 0
    assert "4 calls of 12 events" in printed
    assert "reading" in shown
    assert "100.0%" in shown


def test_calls_are_replayed_to_the_handler_of_now(imported: Path, run: Run) -> None:
    replay = ["logs", "replay", str(imported), "--handler", f"raw_{imported.parent.name}:silent"]
    code, printed, complained = run(*replay)
    assert (code, complained) == (1, "")
    what = "NEW_INBOUND_CALL: was Speak, SpeakAndGetDigits, is Pause, Speak; 2 calls"
    assert what in printed.splitlines()
    assert f"look at: offhook logs show {imported} " in printed
    assert "“Late.”" in printed
    assert what not in run(*replay, "--compare", "words")[1]
    code, printed, _ = run(*replay, "--accept")
    assert (code, "written: 4 calls" in printed) == (0, True)
    assert run(*replay)[:2] == (0, "4 calls, no change\n")


def test_settings_are_held_against_calls_and_written(folder: Path, run: Run) -> None:
    hidden = Settings(hangup_of_the_only_leg="action_successful_then_hangup")
    write(folder / "calls", happened(hidden, ["hangup_of_the_only_leg"] * 3, 1))
    code, printed, complained = run("logs", "calibrate", "calls", "--write")
    assert (code, complained) == (0, "")
    assert printed.startswith("3 calls, 3 of them as the emulator plays them\ncertain:\n")
    says = "hangup_of_the_only_leg = action_successful_then_hangup: 3 of 3 calls say so"
    assert says in printed
    assert "never exercised:\n  empty_reply_to_new_inbound_call\n" in printed
    assert re.search(r"it is never written\):\n  Joanna: \d+ ± \d+; 3 times", printed)
    assert "offhook.toml says now: hangup_of_the_only_leg" in printed
    assert "There is nothing to write" in run("logs", "calibrate", "calls", "--write")[1]


def test_what_no_setting_explains_is_shown_as_two_ladders(folder: Path, run: Run) -> None:
    (call,) = happened(Settings(), ["echo_participant_tag"], 1)
    row = [*call.exchanges]
    row[1] = row[1].model_copy(update={"event": {**row[1].event, "InvocationEventType": "RINGING"}})
    write(folder / "calls", [call.model_copy(update={"exchanges": row})])
    code, printed, _ = run("logs", "calibrate", "calls")
    assert code == 1
    assert "no setting explains it. It was:" in printed
    assert "and the emulator does, as far as it is the same:" in printed
