"""A caller who follows a script: for machines without a terminal."""

from offhook.emulator.testing import PhoneCall
from offhook.emulator.testing.people import SECONDS_BETWEEN_KEYS

LONGEST_CALL_SECONDS = 600
KEYS = "0123456789*#,"
SILENCE_SECONDS = 1.0
"""How long a caller listens after a prompt before pressing the next key."""
COMMA_SECONDS = 5.0


def follow(call: PhoneCall, keys: str) -> None:
    """Press each key when it has been quiet for a second (`,` waits five more), then listen.

    The keys of a number, which one action takes together, follow each other quickly. Whoever is
    still on the line after ten minutes hangs up.
    """
    seconds = 0.0
    pending = list(keys)
    is_typing = False
    while not call.is_over and seconds < LONGEST_CALL_SECONDS:
        was_quiet = call.hears_nothing
        heard = call.heard
        is_typing = is_typing and call.is_asked_for_keys
        pause = SECONDS_BETWEEN_KEYS if is_typing else SILENCE_SECONDS
        call.waits(pause)
        seconds += pause
        was_quiet = was_quiet and call.hears_nothing and call.heard == heard
        if pending and was_quiet and call.is_connected:
            key = pending.pop(0)
            is_typing = key != ","
            if key == ",":
                call.waits(COMMA_SECONDS)
                seconds += COMMA_SECONDS
            else:
                call.presses(key)
    if not call.is_over:
        call.hangs_up()
    call.settles()
