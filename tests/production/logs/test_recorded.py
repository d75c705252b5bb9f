"""A call that happened is a line; a folder of such calls is read back as it was written.

About `offhook.production.logs.of_emulator` and `offhook.production.log_texts`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from docs.generate_schemas import FOLDER
from offhook.actions import Hangup, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Phone
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.recorded import NoSuchCalls, RecordedCall, from_line, read, write
from tests.json_schema import validator

router = Router()
MENU = SpeakAndGetDigits(
    text="Press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat=3,
    repeat_duration_in_milliseconds=5_000,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return MENU


@router.action_successful(MENU)
def chosen(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="Goodbye, Zoë."), Hangup()]


def a_call(function: object = router, *, ends: bool = True) -> RecordedCall:
    with Phone(cast("Any", function), seed=7) as phone:
        call = phone.dials()
        if function is router:
            call.hears("Press 1.")
            call.presses("1")
        if ends:
            phone.until(lambda: phone.service.placed()[0].has_ended)
        (made,) = all_of(phone)
        return made


def test_a_call_of_the_emulator_is_one_with_its_events_replies_and_times() -> None:
    call = a_call()
    assert call.is_complete
    told = [(each.sequence, each.told.TYPE, each.answer) for each in call.exchanges]
    assert told == [
        (1, "NEW_INBOUND_CALL", "replied"),
        (2, "ACTION_SUCCESSFUL", "replied"),
        (3, "HANGUP", "replied"),
    ]
    times = [each.at.isoformat() for each in call.exchanges if each.at]
    assert times[0] == "2027-03-01T10:00:00+00:00"
    assert times == sorted(times)
    assert call.day == "2027-03-01"
    assert call.exchanges[1].event["ActionData"] is not None


def test_a_call_that_is_up_lacks_its_end() -> None:
    assert a_call(ends=False).lacks == ["the end"]


def test_a_call_that_the_service_dropped_has_what_it_said() -> None:
    def says_nothing(_event: Mapping[str, object], _context: object) -> None: ...

    (said,) = a_call(says_nothing).service
    assert said.text == "Response is blank or empty"


def test_a_function_that_failed_is_no_reply_of_null() -> None:
    def fails(_event: Mapping[str, object], _context: object) -> None:
        raise KeyError("name")

    first = a_call(fails).exchanges[0]
    assert (first.answer, first.reply) == ("failed", None)
    assert "KeyError" in first.error


def test_a_line_is_what_the_schema_says() -> None:
    schema = json.loads((FOLDER / "recorded_call.json").read_text(encoding="utf-8"))
    taken = validator(schema)
    line = json.loads(a_call().line())
    assert taken.is_valid(line)
    assert not taken.is_valid({**line, "format": 2})
    assert not taken.is_valid({**line, "more": 1})
    assert [*line] == [*schema["properties"]]


def test_a_folder_is_read_back_and_written_alike(tmp_path: Path) -> None:
    first = a_call()
    first.exchanges[0].event["Half"] = "a character: \ud83d"
    undated = first.model_copy(
        update={"exchanges": [each.model_copy(update={"at": None}) for each in first.exchanges]}
    )
    files = write(tmp_path / "a", [first, undated])
    assert [file.name for file in files] == ["2027-03-01.jsonl", "undated.jsonl"]
    assert [*read(tmp_path / "a")] == [first, undated]
    write(tmp_path / "b", read(tmp_path / "a"))
    assert [f.read_bytes() for f in files] == [
        (tmp_path / "b" / f.name).read_bytes() for f in files
    ]


def test_what_cannot_be_written_whole_is_not_written(tmp_path: Path) -> None:
    def calls() -> Any:
        yield a_call()
        raise NoSuchCalls("the second is none")

    with pytest.raises(NoSuchCalls, match="the second"):
        write(tmp_path / "a", calls())
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NoSuchCalls, match="file cannot be made: File exists"):
        write(tmp_path / "file", [a_call()])


def test_calls_are_never_written_over(tmp_path: Path) -> None:
    write(tmp_path, [a_call()])
    with pytest.raises(NoSuchCalls, match="has calls already"):
        write(tmp_path, [a_call()])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "no JSON"),
        ("[]", "it has no format"),
        ('{"format": 2}', "its format is 2, and format 1 is what"),
        (
            '{"format": 1, "transaction": "t", "is_pseudonymised": true, "exchanges": []}',
            "exchanges",
        ),
    ],
)
def test_a_line_that_is_no_call_is_named(line: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(NoSuchCalls, match=says):
        from_line(line)
    with pytest.raises(NoSuchCalls, match=rf"calls\.jsonl:1: .*{says}"):
        list(read(file))


def test_a_folder_without_calls_says_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(NoSuchCalls, match="offhook logs import"):
        list(read(tmp_path))
