"""A declarative menu: options, retries, and what happens when the caller gives up.

It compiles to SpeakAndGetDigits or PlayAudioAndGetDigits, one attempt at a time, so that silence
and a wrong key are answered differently. Which attempt it is stands in the action itself, and the
service echoes it: nothing is stored, and what else happens in the call does not change the count.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeAlias, cast

from offhook import actions  # one who speaks pays for no class of those who play
from offhook.actions import Hangup, PlayAudio, Speak, SpeakAndGetDigits
from offhook.actions.base import Action
from offhook.actions.collecting import CollectsDigits
from offhook.handler.conditions import Words
from offhook.handler.events import ActionFailed, ActionSuccessful, Event
from offhook.handler.fallbacks import Answer, Reply
from offhook.handler.reading import mapping, text
from offhook.handler.registration import Files, called
from offhook.handler.router import Router
from offhook.handler.routes import clash

Announcement: TypeAlias = str | Speak | PlayAudio
"""What is heard: a text, or how to say or play it. A text is said in the prompt's voice."""

Prompt: TypeAlias = Announcement | Callable[[Any], Announcement]
"""That, or a function of the event: where the words depend on the call, as those of `Words` do."""

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
    it is `on(leg, MENU.ask)`. Of a prompt that is a function it is `MENU.asks(event)`, known again
    by the name of the function: each such menu of a flow has a function of its own.
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
        the next ones where an option has more than one (`longest_option` digits). `prompt` and
        `no_input` are both said, or both played: PlayAudio needs a PlayAudio for `no_input`."""
        if attempts < 1 or seconds <= 0 or seconds_between_digits <= 0 or longest_option < 1:
            raise ValueError("a menu has at least one attempt, one digit, and some time")
        self.attempts, self.longest = attempts, longest_option
        self._gives_up: Answer = _let_go
        self._words = (prompt, no_input, invalid_input)
        self._parameters = {
            "min_number_of_digits": 1,
            "max_number_of_digits": longest_option,
            "repeat_duration_in_milliseconds": round(seconds * 1000),
            "in_between_digits_duration_in_milliseconds": round(seconds_between_digits * 1000),
        }
        self._name = getattr(prompt, "__name__", "a partial") if callable(prompt) else ""
        if callable(prompt) and not self._name.isidentifier():
            raise ValueError(f"a prompt is known again by its name: write a def, not {self._name}")
        if not callable(prompt):
            self.ask = self.asks(Event({}))
            """The action that asks, in words that are always the same."""
        which = () if self._name else (self.ask,)
        known = {"when": _is_asked(self._name)} if self._name else {}
        file: Any = router
        self._chosen: partial[Files[Chosen]] = partial(file.action_successful, *which, **known)
        self._chosen()(self._invalid)
        file.action_failed(*which, error_type="InvalidDigitsReceived", **known)(self._silent)

    def asks(self, event: Event, about: str = "") -> CollectsDigits:
        """The action that asks in the words for an event. What it is asked `about` (letters and
        digits) `MENU.about(event)` of the answer finds again: nothing is stored."""
        prompt = _heard(self._words[0], event)
        no_input = _heard(self._words[1], event, like=prompt)
        for said in (prompt, no_input):
            lost = {"call_id", "participant_tag", "playback_terminators", "repeat"}
            if lost := lost & said.model_fields_set:
                raise ValueError(f"a menu asks once and names no leg: leave out {', '.join(lost)}")
        if type(prompt) is not type(no_input):
            raise ValueError("a menu speaks or plays: prompt and no_input are of the same kind")
        kind = SpeakAndGetDigits if isinstance(prompt, Speak) else actions.PlayAudioAndGetDigits
        names = _SPOKEN if isinstance(prompt, Speak) else ("audio_source",)
        words = {name: getattr(prompt, name) for name in names}
        failure = {f"failure_{name}": getattr(no_input, name) for name in names}
        asking = kind.model_validate({**words, **failure, **self._parameters})
        return _counted(asking, self._name, about, 1) if self._name else asking

    def about(self, event: Event) -> str:
        """What the menu that the event answers was asked about; empty for nothing."""
        return _told(event)[1]

    def option(self, digits: Words) -> Files[Chosen]:
        """What these digits do, or all that match a pattern: `0` to `9` and `*`; `#` ends them."""
        keys = f"1 to {self.longest} of 0-9 and * (longest_option={self.longest})"
        is_text = isinstance(digits, str) and re.fullmatch(f"[0-9*]{{1,{self.longest}}}", digits)
        if not (is_text or isinstance(digits, re.Pattern)):
            raise ValueError(f'option({digits!r}): write the keys as text, as in "1": {keys}')
        return self._chosen(digits=digits)

    @called
    def collects(self, reading_back: "Menu") -> Files[Chosen]:
        """What happens to as many digits as an option may have, which `reading_back.about(event)`
        finds, once that other menu has them confirmed: its prompt reads `event.received_digits`
        back, 1 confirms, 2 asks again. To silence and wrong keys each menu says its own."""
        digits = self.option(re.compile(f"[0-9]{{{self.longest}}}"))
        digits(lambda event: reading_back.asks(event, about=event.received_digits))
        reading_back.option("2")(self.asks)
        return reading_back.option("1")

    @called
    def gives_up(self) -> Files[Event]:
        """What happens after the last attempt. Default: the leg is hung up."""

        def file(function: Answer) -> Answer:
            if self._gives_up is not _let_go:
                raise clash("a menu that gives up", self._gives_up, function)
            self._gives_up = function
            return function

        return file

    def _invalid(self, event: Chosen) -> Reply:
        first, _, wrong = self._words
        return self._again(event, _heard(wrong, event, like=_heard(first, event)))

    def _silent(self, event: ActionFailed[CollectsDigits]) -> Reply:
        return self._again(event)  # the action itself has said no_input

    def _again(self, event: Chosen | ActionFailed[CollectsDigits], *first: Action[object]) -> Reply:
        if event.ignores_actions:  # they hung up: HANGUP comes next, and nobody has given up
            return None
        name, about, attempt = _told(event)
        if attempt >= self.attempts:
            return self._gives_up(event)
        asked = event.action if name else self.ask  # in the words in which it was asked
        return [*first, _counted(asked, name, about, attempt + 1)]


def _counted(asking: CollectsDigits, name: str, about: str, attempt: int) -> CollectsDigits:
    # Any digits match, as without an expression; the other half, which no digits match, tells.
    told = f"^[0-9*]+$|{f'{name} {about} ' if name else ''}attempt {attempt}"
    return asking.model_copy(update={"input_digits_regex": told})


@cache
def _is_asked(name: str) -> Callable[[Event], bool]:
    return lambda event: _told(event)[0] == name


def _told(event: Event) -> tuple[str, str, int]:
    """Which menu the event answers, what it was asked about, and in which attempt."""
    echo = text(mapping(event.action_data, "Parameters"), "InputDigitsRegex")
    told = re.search(r"\|(?:(\w+) (\w*) )?attempt (\d+)$", echo)
    return (told[1] or "", told[2] or "", int(told[3])) if told else ("", "", 1)


def _let_go(_event: Event) -> Reply:
    return Hangup()


def _heard(prompt: Prompt, event: Event, like: Prompt = "") -> Speak | PlayAudio:
    heard = prompt(event) if callable(prompt) else prompt
    if isinstance(heard, (Speak, PlayAudio)):
        return heard
    if not isinstance(cast(object, heard), str):
        raise TypeError(f"what a menu says is a text, a Speak or a PlayAudio, not {heard!r}")
    voice = like if isinstance(like, Speak) else Speak(text=heard)
    return voice.model_copy(update={"text": heard, "text_type": "text"})
