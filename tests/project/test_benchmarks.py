"""Every comparison of `make bench` runs. What it measures here means nothing."""

import pytest

from benchmarks.__main__ import COMPARISONS, main
from benchmarks.memory import slope
from benchmarks.table import Section, compared, render


@pytest.mark.thorough
@pytest.mark.parametrize("name", COMPARISONS)
def test_a_comparison_runs_and_prints_its_table(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--once"]) == 0
    heading, _, *lines = capsys.readouterr().out.splitlines()[1:]
    assert heading.split() == ["ours", "theirs", "ratio", "aim"]
    assert len(lines) >= 3


def test_the_last_line_says_which_aims_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    main(["ten_minutes", "--once"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last in ("The aim is met.", "0 of 1 aims are met.") or "Not met: " in last


def test_what_took_no_time_is_no_factor() -> None:
    section = Section("Nothing", [compared("something", [0.0], [1.0])], "")
    assert "too short to compare" in render([section])


def test_how_memory_grows_is_told_with_how_sure_that_is() -> None:
    steps = [(n / 60, 1000 + 12 * n / 60 + (n % 2) * 4) for n in range(300)]
    steep, half = slope(steps)
    assert steep == pytest.approx(12, abs=half)
    assert 0 < half < 1
    assert slope([(0, 5), (1, 7), (2, 9)]) == pytest.approx((2, 0))


def test_a_comparison_that_there_is_not_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert f"there is no 'speed': there are {', '.join(COMPARISONS)}" in capsys.readouterr().err
