"""Small handlers after which a caller hears nothing, or never hears what is meant for them; and the
same without it."""

from offhook.actions import Pause
from tests.emulator.explore.planted import LISTENS
from tests.emulator.explore.planted_disturbed import PLAYS
from tests.emulator.explore.planting import BYE, HELLO, Planted, answers

THEN = [Pause(duration_in_milliseconds=9_000), *HELLO]
silence_until_a_key = Planted(
    "silent-loop",
    "waits",
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS], DIGITS_RECEIVED=BYE),
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS, *THEN], DIGITS_RECEIVED=BYE),
    weight="waste",
)
silence_whatever_the_key = Planted(
    "endless-loop",
    "waits",
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS], DIGITS_RECEIVED=HELLO[:1]),
    answers(NEW_INBOUND_CALL=[HELLO[0], LISTENS, *THEN], DIGITS_RECEIVED=HELLO),
)
wav_that_is_played_again = Planted(
    "endless-loop",
    "finds no hold-music.wav",
    answers(NEW_INBOUND_CALL=[PLAYS], ACTION_SUCCESSFUL=BYE, ACTION_FAILED=[PLAYS]),
    answers(NEW_INBOUND_CALL=[PLAYS], ACTION_SUCCESSFUL=BYE, ACTION_FAILED=HELLO),
)
