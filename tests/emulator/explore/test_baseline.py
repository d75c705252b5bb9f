"""Findings that are known do not count."""

from dataclasses import replace
from pathlib import Path

import pytest

from offhook.emulator.explore.baseline import Baseline, Known, known, read
from offhook.emulator.findings.finding import Finding
from offhook.emulator.service.config_file import ConfigError
from tests.emulator.explore.desk_line import explored


def test_what_is_written_is_known_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    assert read(file) is None
    result = explored()
    file.write_text(known([result]).model_dump_json())
    old = read(file)
    assert old is not None
    assert result.exit_code == 1
    again = replace(result, known=old.of(result.function))
    assert (again.exit_code, dict(again.counts)) == (0, {})
    assert old.gone(again) == []


def test_it_is_known_on_another_machine_and_when_a_line_is_added_above() -> None:
    def failed(at: str) -> Finding:
        return Finding("function-failed", "HANGUP 3", f"KeyError: 'x'\n  at {at} in handler", "")

    here, there = failed("/srv/line/app.py:14"), failed("C:\\line\\app.py:15")
    assert here.known_by == there.known_by != failed("/srv/line/other.py:14").known_by
    assert here.same != there.same
    assert failed("(/srv/index.mjs:3:12)").known_by == failed("(index.mjs:4:1)").known_by
    its = Known(function="f", rule=here.rule, where="HANGUP", evidence=here.evidence)
    assert Baseline(findings=[its]).of("f") == {there.known_by}


def test_another_function_has_findings_of_its_own() -> None:
    result = explored()
    assert known([result]).of("another:handler") == frozenset()


def test_what_was_mended_is_gone() -> None:
    result = explored()
    mended = replace(result, explored=[])
    gone = known([result]).gone(mended)
    assert {each.rule for each in gone} == {"leg-left-connected", "missing-audio"}


@pytest.mark.parametrize(
    ("text", "says"),
    [("[]", "is no baseline: Input should"), ('{"version": 2}', "is no baseline: version: ")],
)
def test_another_file_is_no_baseline(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "known.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says):
        read(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path)


def test_an_empty_one_knows_nothing() -> None:
    assert known([]) == Baseline()
