"""A declarative menu: options, retries, and what happens when the caller gives up.

It compiles to SpeakAndGetDigits or PlayAudioAndGetDigits, one attempt at a time, so that silence
and a wrong key are answered differently. The count of attempts travels in one attribute.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from offhook.actions.base import Action
from offhook.actions.collecting import CollectsDigits
from offhook.actions.hangup import Hangup
from offhook.actions.play_audio import PlayAudio
from offhook.actions.play_audio_and_get_digits import PlayAudioAndGetDigits
from offhook.actions.response import Response
from offhook.actions.speak import Speak
from offhook.actions.speak_and_get_digits import SpeakAndGetDigits
from offhook.handler.events import ActionFailed, ActionSuccessful, Event
from offhook.handler.fallbacks import Reply
from offhook.handler.router import Router

Prompt: TypeAlias = str | Speak | PlayAudio
"""What is heard: a text, or how to say or play it. One menu speaks, or plays, throughout."""

Chosen: TypeAlias = ActionSuccessful[CollectsDigits]
"""The event of an option: `event.result.received_digits` is what was pressed."""

ATTEMPTS: Final = "offhook.menu"
"""The attribute with the attempt that was started: `<attempt>@<sequence of its event>`."""


class Menu:
    """A prompt and what its keys do, on a router.

        MENU = Menu(router, "For our opening hours, press 1.")

        @MENU.option("1")
        def hours(event: Chosen) -> Reply:
            return [Speak(text="We open at nine."), MENU.ask]

    `MENU.ask` is the action that asks, for any list of actions.
    """

    def __init__(
        self,
        router: Router,
        prompt: Prompt,
        *,
        no_input: Prompt = "I did not hear anything.",
        invalid_input: Prompt = "There is no such choice.",
        attempts: int = 3,
        seconds: float = 5.0,
        seconds_between_digits: float = 2.0,
        longest_option: int = 1,
    ) -> None:
        """`attempts` in all; `seconds` to wait for the first digit, `seconds_between_digits` for
        the next ones where an option has more than one (`longest_option` digits)."""
        if attempts < 1 or seconds <= 0 or seconds_between_digits <= 0 or longest_option < 1:
            raise ValueError("a menu has at least one attempt, one digit, and some time")
        self.attempts = attempts
        self.invalid_input = _speaking(invalid_input)
        self.ask = _asking(
            _speaking(prompt),
            _speaking(no_input),
            seconds,
            seconds_between_digits,
            longest_option,
        )
        """The action that asks."""
        self._router = router
        self._gives_up: Callable[[Event], Reply] = lambda _event: Hangup()
        router.action_successful(self.ask)(self._invalid)
        router.action_failed(self.ask, error_type="InvalidDigitsReceived")(self._silent)

    def option(self, digits: str) -> Callable[[Callable[[Chosen], Reply]], Callable[[Chosen], Reply]]:
        """What these digits do: `0` to `9` and `*`; `#` ends the input."""
        longest = self.ask.max_number_of_digits
        if not digits or set(digits) - set("0123456789*") or len(digits) > longest:
            raise ValueError(
                f"option {digits!r}: 1 to {longest} of 0-9 and * (longest_option={longest})"
            )
        return self._router.action_successful(self.ask, digits=digits)

    def gives_up(self) -> Callable[[Callable[[Event], Reply]], Callable[[Event], Reply]]:
        """What happens after the last attempt. Default: the call is hung up."""

        def file(function: Callable[[Event], Reply]) -> Callable[[Event], Reply]:
            self._gives_up = function
            return function

        return file

    def _invalid(self, event: Chosen) -> Reply:
        return self._again(event, [self.invalid_input, self.ask])

    def _silent(self, event: ActionFailed[CollectsDigits]) -> Reply:
        return self._again(event, [self.ask])  # the action itself has said no_input

    def _again(self, event: Event, actions: list[Action[object]]) -> Reply:
        made = _attempts_before(event) + 1
        if made >= self.attempts:
            return self._gives_up(event)
        counted = f"{made}@{event.sequence}"
        return Response(actions, attributes={**event.transaction_attributes, ATTEMPTS: counted})


def _attempts_before(event: Event) -> int:
    """Attempts that led here. Only a count of the very event before this one is of this asking."""
    stored = event.transaction_attributes.get(ATTEMPTS)
    made, _, sequence = stored.partition("@") if isinstance(stored, str) else ("", "", "")
    is_of_this_asking = sequence.isdigit() and int(sequence) == event.sequence - 1
    return int(made) if is_of_this_asking and made.isdigit() else 0


def _speaking(prompt: Prompt) -> Speak | PlayAudio:
    return Speak(text=prompt) if isinstance(prompt, str) else prompt


def _asking(
    prompt: Speak | PlayAudio,
    no_input: Speak | PlayAudio,
    seconds: float,
    between: float,
    longest: int,
) -> SpeakAndGetDigits | PlayAudioAndGetDigits:
    first, later = round(seconds * 1000), round(between * 1000)
    match prompt, no_input:
        case Speak(), Speak():
            return SpeakAndGetDigits(
                text=prompt.text,
                text_type=prompt.text_type,
                voice_id=prompt.voice_id,
                engine=prompt.engine,
                failure_text=no_input.text,
                failure_text_type=no_input.text_type,
                min_number_of_digits=1,
                max_number_of_digits=longest,
                repeat_duration_in_milliseconds=first,
                in_between_digits_duration_in_milliseconds=later,
            )
        case PlayAudio(), PlayAudio():
            return PlayAudioAndGetDigits(
                audio_source=prompt.audio_source,
                failure_audio_source=no_input.audio_source,
                min_number_of_digits=1,
                max_number_of_digits=longest,
                repeat_duration_in_milliseconds=first,
                in_between_digits_duration_in_milliseconds=later,
            )
        case _:
            raise ValueError("a menu speaks or plays: prompt and no_input are of the same kind")
