"""A declarative menu: options, retries, and what happens when the caller gives up.

It compiles to SpeakAndGetDigits or PlayAudioAndGetDigits, one attempt at a time, so that silence
and a wrong key are answered differently. Which attempt it is stands in the action itself, and the
service echoes it: nothing is stored, and what else happens in the call does not change the count.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

from offhook.actions.base import Action
from offhook.actions.collecting import CollectsDigits
from offhook.actions.hangup import Hangup
from offhook.actions.play_audio import PlayAudio
from offhook.actions.play_audio_and_get_digits import PlayAudioAndGetDigits
from offhook.actions.speak import Speak
from offhook.actions.speak_and_get_digits import SpeakAndGetDigits
from offhook.handler.events import ActionFailed, ActionSuccessful, Event
from offhook.handler.fallbacks import Answer, Reply
from offhook.handler.registration import Files
from offhook.handler.router import Router
from offhook.handler.routes import clash

Announcement: TypeAlias = str | Speak | PlayAudio
"""What is heard: a text, or how to say or play it. A text is said in the prompt's voice."""

_SPOKEN = ("text", "text_type", "voice_id", "engine", "language_code")

Chosen: TypeAlias = ActionSuccessful[CollectsDigits]
"""The event of an option: `event.result.received_digits` is what was pressed."""


class Menu:
    """A prompt and what its keys do, on a router.

        MENU = Menu(router, "For our opening hours, press 1.")

        @MENU.option("1")
        def hours(event: Chosen) -> Reply:
            return [Speak(text="We open at nine."), MENU.ask]

    `MENU.ask` is the action that asks, for any list of actions; on another leg than the event's
    it is `on(leg, MENU.ask)`.
    """

    def __init__(
        self,
        router: Router,
        prompt: Announcement,
        *,
        no_input: Announcement = "I did not hear anything.",
        invalid_input: Announcement = "There is no such choice.",
        attempts: int = 3,
        seconds: float = 5.0,
        seconds_between_digits: float = 2.0,
        longest_option: int = 1,
    ) -> None:
        """`attempts` in all; `seconds` to wait for the first digit, `seconds_between_digits` for
        the next ones where an option has more than one (`longest_option` digits). `prompt` and
        `no_input` are both said, or both played: PlayAudio needs a PlayAudio for `no_input`."""
        if attempts < 1 or seconds <= 0 or seconds_between_digits <= 0 or longest_option < 1:
            raise ValueError("a menu has at least one attempt, one digit, and some time")
        asking = _heard(prompt)
        self.attempts = attempts
        self.invalid_input = _heard(invalid_input, like=asking)
        self.ask: CollectsDigits = _asking(
            asking, _heard(no_input, like=asking), seconds, seconds_between_digits, longest_option
        )
        """The action that asks."""
        self._router = router
        self._gives_up: Answer = _let_go
        router.action_successful(self.ask)(self._invalid)
        router.action_failed(self.ask, error_type="InvalidDigitsReceived")(self._silent)

    def option(self, digits: str) -> Files[Chosen]:
        """What these digits do: `0` to `9` and `*`; `#` ends the input."""
        longest = self.ask.max_number_of_digits
        if not digits or set(digits) - set("0123456789*") or len(digits) > longest:
            raise ValueError(
                f"option {digits!r}: 1 to {longest} of 0-9 and * (longest_option={longest})"
            )
        return self._router.action_successful(self.ask, digits=digits)

    def gives_up(self) -> Files[Event]:
        """What happens after the last attempt. Default: the leg is hung up."""

        def file(function: Answer) -> Answer:
            if self._gives_up is not _let_go:
                raise clash("a menu that gives up", self._gives_up, function)
            self._gives_up = function
            return function

        return file

    def _invalid(self, event: Chosen) -> Reply:
        return self._again(event, self.invalid_input)

    def _silent(self, event: ActionFailed[CollectsDigits]) -> Reply:
        return self._again(event)  # the action itself has said no_input

    def _again(self, event: Chosen | ActionFailed[CollectsDigits], *first: Action[object]) -> Reply:
        if event.ignores_actions:  # they hung up: HANGUP comes next, and nobody has given up
            return None
        attempt = _attempt(event.parameters)
        if attempt >= self.attempts:
            return self._gives_up(event)
        # Any digits match, as without an expression; the other half, which no digits match, counts.
        counted = {"input_digits_regex": f"^[0-9*]+$|attempt {attempt + 1}"}
        return [*first, self.ask.model_copy(update=counted)]


def _attempt(echo: Mapping[str, object]) -> int:
    counted = re.search(r"\|attempt ([0-9]+)$", str(echo.get("InputDigitsRegex")))
    return int(counted[1]) if counted else 1


def _let_go(_event: Event) -> Reply:
    return Hangup()


def _heard(prompt: Announcement, like: Speak | PlayAudio | None = None) -> Speak | PlayAudio:
    if not isinstance(prompt, str):
        return prompt
    voice = like if isinstance(like, Speak) else Speak(text=prompt)
    return voice.model_copy(update={"text": prompt, "text_type": "text"})


def _asking(
    prompt: Speak | PlayAudio,
    no_input: Speak | PlayAudio,
    seconds: float,
    between: float,
    longest: int,
) -> SpeakAndGetDigits | PlayAudioAndGetDigits:
    for said in (prompt, no_input):
        lost = {"call_id", "participant_tag", "playback_terminators", "repeat"}
        if lost := lost & said.model_fields_set:
            raise ValueError(f"a menu asks once and names no leg: leave out {', '.join(lost)}")
    if type(prompt) is not type(no_input):
        raise ValueError("a menu speaks or plays: prompt and no_input are of the same kind")
    speaks = isinstance(prompt, Speak)
    kind = SpeakAndGetDigits if speaks else PlayAudioAndGetDigits
    names = _SPOKEN if speaks else ("audio_source",)
    parameters: dict[str, object] = {
        **{name: getattr(prompt, name) for name in names},
        **{f"failure_{name}": getattr(no_input, name) for name in names},
        "min_number_of_digits": 1,
        "max_number_of_digits": longest,
        "repeat_duration_in_milliseconds": round(seconds * 1000),
        "in_between_digits_duration_in_milliseconds": round(between * 1000),
    }
    return kind.model_validate(parameters)
