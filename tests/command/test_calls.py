"""`offhook calls`: lists as people write them, and what became of them.

About `offhook.command.calls`, `offhook.command.calls.start`, `offhook.command.calls.which`,
`offhook.command.calls.stop`, `offhook.command.calls.go`, `offhook.production.calls.wanted`,
`offhook.production.calls.line`.
"""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.command.calls.report import render
from offhook.command.main import main
from offhook.handler.calling.call_record import OurCall
from offhook.production.calls.report import report_on
from offhook.production.calls.wanted import BadList, read_list

FIRST = "key,number,from,time_zone,argument.name,argument.when,header.X-Case\n"
KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789._:=@+-", min_size=1, max_size=40)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_a_list_is_read_whole(file: Path) -> None:
    file.write_text(
        f"{FIRST}a-1,+15550100199,+15550100102,Europe/Berlin,Ada,tomorrow at ten,7\n"
        "a-2,+15550100198,,,Bo,tomorrow at noon,\n"
    )
    first, second = read_list(file, "monday", "+15550100102")
    assert (first.key, first.batch, first.time_zone) == ("a-1", "monday", "Europe/Berlin")
    assert (first.arguments_map, first.sip_headers) == (
        {"name": "Ada", "when": "tomorrow at ten"},
        {"X-Case": "7"},
    )
    assert (second.from_phone_number, second.time_zone) == ("+15550100102", None)


def test_json_lines_are_such_a_list(tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text(
        '{"key": "a-1", "number": "+15550100199", "from": "+15550100102",'
        ' "arguments_map": {"name": "Ada"}}\n\n'
    )
    (call,) = read_list(file, "monday", None)
    assert call.arguments_map == {"name": "Ada"}


def test_every_bad_row_is_named_and_nothing_is_sent(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(
        f"{FIRST}a-1,+15550100199,+15550100102,,Ada,,\n"
        "a-1,+15550100198,+15550100102,,Bo,,\n"
        "a-3,0155501001,+15550100102,,Cy,,\n"
        ",+15550100197,+15550100102,,Di,,\n"
        "a-5,+15550100196,+15550100102,,Ed,,,too many\n"
    )
    assert main(["calls", "start", str(file), "--batch", "monday"]) == 2
    said = capsys.readouterr().err
    assert "nothing is sent" in said
    assert "has 4 rows that are wrong" in said
    assert "row 3: the key a-1 is that of row 2" in said
    assert "row 4: number: a phone number is written in E.164" in said
    assert "row 5: key: it is missing" in said
    assert "row 6: it has more cells" in said
    assert "0155501001" not in said


def test_a_time_zone_is_looked_up_as_the_list_is_read(file: Path) -> None:
    file.write_text(f"{FIRST}a-1,+15550100199,+15550100102,Mars/One,Ada,,\n")
    with pytest.raises(BadList, match="row 2: time_zone: there is no 'Mars/One'"):
        read_list(file, "monday", None)


def test_arguments_are_held_against_the_model_of_the_flow(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(
        f"{FIRST}a-1,+15550100199,+15550100102,,Ada,tomorrow,\n"
        "a-2,+15550100198,+15550100102,,Bo,,\n"
    )
    check = ["calls", "start", str(file), "--batch", "monday", "--check"]
    assert main(check) == 0
    assert main([*check, "--model", "flows.reminder:Reminder"]) == 2
    assert capsys.readouterr().err.endswith(
        "has 1 row that is wrong\n  row 3: the arguments are no Reminder: when: Field required\n"
    )
    assert main([*check, "--model", "flows.reminder:Outcome"]) == 2
    assert "it is no pydantic model" in capsys.readouterr().err
    assert main([*check, "--model", "flows.visits:Visit"]) == 2
    assert "--model flows.visits:Visit: ModuleNotFoundError" in capsys.readouterr().err


def test_a_list_may_only_be_checked(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{FIRST}a-1,+15550100199,+15550100102,,Ada,,\n")
    assert main(["calls", "start", str(file), "--batch", "monday", "--check"]) == 0
    assert "1 call, as it should be. Nothing is sent." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", FIRST, "\n\n"])
def test_an_empty_list_says_what_one_looks_like(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(BadList, match="key,number,from,time_zone"):
        read_list(file, "monday", None)


@pytest.mark.parametrize("between", [";", "\t"])
def test_a_spreadsheet_may_put_semicolons_or_tabs_between(file: Path, between: str) -> None:
    file.write_text(
        f"{FIRST}a-1,+15550100199,+15550100102,Europe/Berlin,Zoë,tomorrow,\n".replace(",", between),
        encoding="utf-8-sig",
    )
    (call,) = read_list(file, "monday", None)
    assert (call.key, call.arguments_map) == ("a-1", {"name": "Zoë", "when": "tomorrow"})


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_told_in_words(file: Path, encoding: str) -> None:
    file.write_text(f"{FIRST}a-1,+15550100199,,,Zoë,,\n", encoding=encoding)
    with pytest.raises(BadList, match="is not in UTF-8: save it as “CSV UTF-8”"):
        read_list(file, "monday", None)


def test_the_name_of_a_list_is_as_a_key(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{FIRST}a-1,+15550100199,+15550100102,,Ada,,\n")
    with pytest.raises(SystemExit):
        main(["calls", "start", str(file), "--batch", "march/1", "--check"])
    assert "'march/1' is no name of a list: write 1 to 128 letters" in capsys.readouterr().err


@given(st.lists(KEYS, unique=True, min_size=1, max_size=20), st.text(max_size=30))
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], name: str
) -> None:
    told = "".join(one for one in name if one.isprintable()).strip()
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["key", "number", "from", "argument.name"])
    rows.writerows([key, "+15550100199", "+15550100102", told] for key in keys)
    file = tmp_path_factory.mktemp("list") / "list.csv"
    file.write_text(written.getvalue(), encoding="utf-8")
    calls = read_list(file, "monday", None)
    assert [call.key for call in calls] == keys
    assert {call.arguments_map.get("name", "") for call in calls} == {told}


def test_a_stack_without_a_region_says_what_to_set(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    assert main(["calls", "stop", "--stack", "line"]) == 2
    assert "no region is named: write --region us-east-1" in capsys.readouterr().err


def test_the_pace_is_that_of_what_is_still_to_be_dialled() -> None:
    now = datetime(2027, 3, 1, 10, tzinfo=UTC)
    up = OurCall(key="a-1", state="answered", dialled_at=now - timedelta(seconds=4))
    assert render(report_on("monday", [up], 1, now), now).splitlines()[-1] == "all are dialled"
    waits = OurCall(key="a-2", state="waiting", waits_for="its turn")
    paced = render(report_on("monday", [up, waits], 2, now), now)
    assert (
        "1 dialled in the last minute\nthe last one at this pace at 2027-03-01 10:01 UTC" in paced
    )
    began = OurCall(key="a-3", state="ended", dialled_at=now - timedelta(minutes=40))
    slower = render(report_on("monday", [began, up, waits], 3, now), now)
    assert "1 dialled in the last 10 minutes" in slower
    assert slower.endswith("at this pace at 2027-03-01 10:10 UTC")


def test_who_waits_for_the_morning_is_not_promised_before() -> None:
    now = datetime(2027, 3, 1, 10, tzinfo=UTC)
    waits = [
        OurCall(
            key=f"a-{minute}",
            state="waiting",
            waits_for=f"it is 05:{minute} where the callee is (America/New_York), and "
            "OFFHOOK_DIAL_HOURS is 14:00-21:00",
            waits_until=now + timedelta(hours=9),
        )
        for minute in (10, 11)
    ]
    up = OurCall(key="b-1", state="answered", dialled_at=now)
    told = render(report_on("monday", [*waits, up], 3, now), now)
    assert "2 in America/New_York OFFHOOK_DIAL_HOURS is 14:00-21:00" in told
    assert told.endswith("the last one not before 2027-03-01 19:00 UTC")
    told = render(report_on("monday", waits, 2, now), now)
    assert told.endswith(
        "none dialled in the last minute\nthe last one not before 2027-03-01 19:00 UTC"
    )


def test_what_is_refused_is_over_and_says_why() -> None:
    now = datetime(2027, 3, 1, 10, tzinfo=UTC)
    taken = OurCall(key="a-1", state="refused", error="KeyTaken", advice="the key is of another")
    made = report_on("monday", [taken], 1, now)
    assert made.left == 0
    told = render(made, now)
    assert "1 of 1 are over" in told
    assert told.endswith("Why nothing was dialled:\n       1 KeyTaken: the key is of another")


@pytest.mark.parametrize("command", [["stop"], ["go"], ["report", "monday"]])
def test_no_line_is_guessed(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OFFHOOK_LEDGER", raising=False)
    assert main(["calls", *command]) == 2
    assert "which line? Write --stack NAME" in capsys.readouterr().err
