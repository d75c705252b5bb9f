"""How long a caller hears nothing."""

from offhook.emulator.call.audio import speech
from offhook.emulator.call.ladder import Entry, Kind
from offhook.emulator.explore.quiet import Quiet, longest_quiet

WORDS = speech("Please hold the line.", "text", 120)  # 2 s


def said(time: float, leg: str, kind: Kind, text: str) -> Entry:
    return Entry(time, leg, kind, text, WORDS if kind in ("hears", "says") else None)


def test_a_wait_begins_when_a_prompt_has_been_heard() -> None:
    ladder = [
        said(0, "LEG-A", "call", "answered"),
        said(3, "LEG-A", "hears", "hears …"),
        said(15, "LEG-A", "hears", "hears …"),
        said(20, "LEG-A", "call", "hangs up"),
        said(20, "", "call", "the call is over"),
    ]
    assert longest_quiet(ladder) == Quiet(10.0, "“Please hold the line.”")


def test_a_prompt_that_is_cut_is_over() -> None:
    ladder = [
        said(0, "LEG-A", "call", "answered"),
        said(0, "LEG-A", "hears", "hears …"),
        said(1, "LEG-A", "cut", "… is cut"),
        said(4, "", "call", "the call is over"),
    ]
    assert longest_quiet(ladder).seconds == 3.0


def test_nobody_waits_who_talks_to_somebody() -> None:
    ladder = [
        said(0, "LEG-A", "call", "answered"),
        said(2, "LEG-B", "call", "is bridged with LEG-A"),
        said(60, "LEG-B", "call", "hangs up"),
        said(63, "LEG-A", "hears", "hears …"),
        said(65, "", "call", "the call is over"),
    ]
    assert longest_quiet(ladder) == Quiet(3.0, "the other side left")


def test_who_is_never_answered_waits_for_nothing() -> None:
    ladder = [
        said(0, "LEG-A", "call", "rings"),
        said(30, "LEG-A", "call", "is not answered in time: 480"),
        said(30, "", "call", "the call is over"),
    ]
    assert longest_quiet(ladder) == Quiet()
