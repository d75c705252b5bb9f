"""A function that asks for two keys and says goodbye: for a story that is saved and told again."""

from collections.abc import Mapping

from offhook.actions import Hangup, Speak, SpeakAndGetDigits
from tests.emulator.functions import reply

MENU = SpeakAndGetDigits(
    text="Press a key, whenever you like, while these words go on for quite some time.",
    failure_text="Sorry?",
    min_number_of_digits=2,
    max_number_of_digits=2,
    repeat=1,
    repeat_duration_in_milliseconds=20_000,
)


def lambda_handler(event: Mapping[str, object], _context: object) -> object:
    """Answer."""
    match event["InvocationEventType"]:
        case "NEW_INBOUND_CALL":
            return reply(MENU)
        case "ACTION_SUCCESSFUL":
            return reply(Speak(text="Goodbye."), Hangup())
        case _:
            return reply()
