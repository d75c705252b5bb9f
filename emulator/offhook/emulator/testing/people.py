"""People in a story: they hear, speak, press keys, answer and hang up, in virtual time."""

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol, TypeAlias

from offhook.emulator.call.audio import speech
from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.ladder import Ladder
from offhook.emulator.call.leg import Hearing, Leg
from offhook.emulator.call.told import Turn
from offhook.emulator.call.visible import visible
from offhook.handler.events import ATTRIBUTE

SECONDS_BETWEEN_KEYS = 0.25

Heard: TypeAlias = str | re.Pattern[str]
"""Words that the prompt contains, or a pattern to be found in it."""


class StoryFailed(AssertionError):
    """The call did not go as the story tells; the message shows the call's ladder."""


class Clock(Protocol):
    """The time in which a story is told."""

    def until(self, holds: Callable[[], bool]) -> bool:
        """Let things happen until something holds; `False` when it never will."""
        ...

    def wait(self, seconds: float) -> None:
        """Let so many virtual seconds pass."""
        ...

    def settle(self) -> None:
        """Let happen what happens at this very moment."""
        ...

    def ladder(self) -> Ladder | None:
        """What happened in the call that was placed last."""
        ...


class OnTheLine:
    """Whoever is on a leg."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard = 0
        self._has_left = False
        self._on: tuple[LiveCall, Leg] | None = None

    def hears(
        self,
        words: Heard,
        *,
        voice: str | None = None,
        language: str | None = None,
        past_music: bool = False,
    ) -> str:
        """The next thing heard contains these words: all of them are returned when it has ended or
        was cut. It is spoken by this `voice` (a VoiceId, as in `"Joanna"`), in this `language` (a
        LanguageCode, as in `"fr-CA"`; empty where the action says none), if they are named. With
        `past_music`, wavs that come before may be any. Raises `StoryFailed`."""
        __tracebackhide__ = True
        doing = f"hears {_quoted(words)}"
        prompt = self._next_prompt(doing)
        while past_music and not (prompt.clip.is_speech or _are_in(words, prompt)):
            self._heard += 1
            prompt = self._next_prompt(doing)
        self._check(prompt, words, doing)
        for what, wanted, is_so in (
            ("voice", voice, prompt.clip.voice_id),
            ("language", language, prompt.clip.language_code),
        ):
            if wanted not in (None, is_so):
                self._fail(f"{doing}, {what} {wanted}", f"{what} {is_so or 'unsaid'} instead")
        self._clock.until(lambda: prompt.is_over)
        self._clock.settle()
        self._heard += 1
        return prompt.clip.text

    def interrupts(self, keys: str, during: Heard | None = None) -> None:
        """Press keys in the middle of the next thing heard (which contains the words `during`)."""
        __tracebackhide__ = True
        doing = f"presses {keys} during {_quoted(during)}" if during else f"interrupts with {keys}"
        prompt = self._next_prompt(doing)
        if during is not None:
            self._check(prompt, during, doing)
        self._clock.wait(prompt.clip.seconds / 2)
        if prompt.is_over:
            self._fail(doing, f"{prompt.clip} was over already")
        self._heard += 1
        self.presses(keys)

    def presses(self, keys: str) -> None:
        """Press keys now, a quarter of a second apart."""
        __tracebackhide__ = True
        if not keys:
            self._fail("presses nothing", 'name the keys, as in presses("1")')
        for index, key in enumerate(keys):
            if key not in "0123456789*#":
                self._fail(f"presses {keys!r}", f"{key!r} is not a key: 0 to 9, * and # are")
            if index:
                self._clock.wait(SECONDS_BETWEEN_KEYS)
            self._leg_in_use(f"presses {key}").presses(key)
            self._clock.settle()

    def says(self, words: str) -> None:
        """Speak, and come to the end of it. Whoever is bridged hears it; a recording holds it."""
        __tracebackhide__ = True
        leg = self._leg_in_use(f"says {_quoted(words)}")
        clip = speech(words, "text", self._call.settings.words_per_minute)
        self._call.person_says(leg, clip)
        self._clock.wait(clip.seconds)

    def waits(self, seconds: float) -> None:
        """Let time pass, and happen what is due then."""
        self._clock.wait(seconds)
        self._clock.settle()

    def answers(self, after: float = 0.0) -> None:
        """Pick up when it rings, after some seconds."""
        __tracebackhide__ = True
        leg = self._until_it_rings("answers")
        self._clock.wait(after)
        if leg.status is not None:
            self._fail("answers", f"it has stopped ringing after {after} s")
        self._call.answered(leg)
        self._clock.settle()

    def declines(self, sip_response_code: int = 486) -> None:
        """Refuse when it rings: 486 is busy, 603 declined."""
        __tracebackhide__ = True
        leg = self._until_it_rings("declines")
        self._call.person_hangs_up(leg, sip_response_code)
        self._clock.settle()

    def hangs_up(self) -> None:
        """Hang up now. Raises `StoryFailed` for who is not on the line."""
        __tracebackhide__ = True
        leg = self._leg
        if leg is None or leg.is_gone:
            self._fail("hangs up", "is not on the line")
        self._has_left = True
        self._call.person_hangs_up(leg)
        self._clock.settle()

    @property
    def is_connected(self) -> bool:
        """Whether they are on the line."""
        return self._leg is not None and self._leg.is_connected

    @property
    def is_ringing(self) -> bool:
        """Whether it rings, and nobody has answered yet."""
        return self._leg is not None and self._leg.status is None

    @property
    def heard(self) -> int:
        """How many things they have heard, or begun to."""
        return len(self._leg.prompts) if self._leg else 0

    @property
    def hears_nothing(self) -> bool:
        """Whether it is quiet on the line now."""
        return all(prompt.is_over for prompt in self._leg.prompts) if self._leg else True

    @property
    def is_asked_for_keys(self) -> bool:
        """Whether an action waits for keys of theirs."""
        return self._leg is not None and self._leg.takes_keys

    @property
    def tones(self) -> str:
        """The digits that SendDigits pressed towards them."""
        return self._leg.digits_sent if self._leg else ""

    @property
    def _call(self) -> LiveCall:
        assert self._on is not None
        return self._on[0]

    @property
    def _leg(self) -> Leg | None:
        return self._on[1] if self._on else None

    @property
    def _unheard(self) -> Hearing | None:
        prompts = self._leg.prompts if self._leg else []
        return prompts[self._heard] if len(prompts) > self._heard else None

    @property
    def _is_settled(self) -> bool:
        return self._on is not None and self._call.has_ended

    def _next_prompt(self, doing: str) -> Hearing:
        __tracebackhide__ = True
        self._clock.until(lambda: self._unheard is not None or self._is_settled)
        prompt = self._unheard
        if prompt is None:
            over = "the call is over" if self._is_settled else "nothing more will be heard"
            self._fail(doing, over)
        return prompt

    def _check(self, prompt: Hearing, words: Heard, doing: str) -> None:
        __tracebackhide__ = True
        if not words:
            self._fail(doing, "name some of the words: none at all are in every prompt")
        if not _are_in(words, prompt):
            self._fail(doing, f"heard {prompt.clip} instead")

    def _until_it_rings(self, doing: str) -> Leg:
        __tracebackhide__ = True
        self._clock.until(lambda: self._leg is not None or self._is_settled)
        leg = self._leg
        if leg is None:
            self._fail(doing, "it does not ring")
        if leg.status is not None:
            self._fail(doing, f"it does not ring: the leg is {leg.status}")
        return leg

    def _leg_in_use(self, doing: str) -> Leg:
        __tracebackhide__ = True
        leg = self._leg
        if leg is None or not leg.is_connected:
            self._fail(doing, "is not on the line" if leg is None else _state(leg))
        return leg

    def _fail(self, doing: str, why: str) -> NoReturn:
        __tracebackhide__ = True
        ladder = self._call.ladder if self._on else self._clock.ladder()
        told = f"\n\n{ladder.render(f'{doing}: {why}')}" if ladder is not None else ""
        raise StoryFailed(f"{visible(f'{doing}: {why}')}{told}")


class Person(OnTheLine):
    """Somebody at a number, who is called: rings until the story says `answers` or `declines`."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """A call of ours rings here."""
        self._on = (call, leg)
        self._heard = 0
        self._has_left = False
        leg.report("cut", "")  # lets a waiting story look

    def is_called(self) -> None:
        """Wait until it rings. Raises `StoryFailed` where nothing more happens before that."""
        __tracebackhide__ = True
        self._until_it_rings("is called")


class PhoneCall(OnTheLine):
    """One call, from the side of the person on LEG-A."""

    def __init__(self, clock: Clock, call: Call) -> None:
        super().__init__(clock)
        self._placed = call
        self._on = (call, call.legs[0])

    def updates(self, **arguments: str) -> None:
        """UpdateSipMediaApplicationCall, with these arguments, and what comes of it now."""
        __tracebackhide__ = True
        if self.is_over:
            self._fail("updates the call", "the call is over: the API answers NotFoundException")
        self._placed.update(arguments)
        self._clock.settle()

    def ends(self) -> None:
        """The call ends, and until then nothing is heard that the story leaves out.

        Who hangs up themselves need not tell what they heard.
        """
        __tracebackhide__ = True
        self._clock.until(lambda: self.is_over or self._unheard is not None)
        unheard = None if self._has_left else self._unheard
        if unheard is not None:
            self._fail("ends", f"heard {unheard.clip}, which the story does not tell")
        self.settles()

    def settles(self) -> None:
        """The call ends, whatever is heard before."""
        __tracebackhide__ = True
        if not self._clock.until(lambda: self._is_settled):
            up = " and ".join(leg.tag for leg in self._call.legs if not leg.is_gone)
            self._fail("ends", f"it stays up: {up} is on the line, and nothing more will happen")

    @property
    def is_over(self) -> bool:
        """Whether everybody has hung up."""
        return self._placed.is_over

    @property
    def ladder(self) -> Ladder:
        """Everything that happened, in order."""
        return self._placed.ladder

    @property
    def events(self) -> list[dict[str, object]]:
        """Every event that the function was told, oldest first."""
        return self._placed.told.events

    @property
    def replies(self) -> list[object]:
        """What the function answered to each."""
        return self._placed.told.replies

    @property
    def turns(self) -> list[Turn]:
        """Each event with what came of it."""
        return self._placed.told.turns

    @property
    def attributes(self) -> Mapping[str, object]:
        """The call's TransactionAttributes now, without the one that is the router's own."""
        stored = self._placed.told.attributes
        return {name: value for name, value in stored.items() if name != ATTRIBUTE}

    def hangs_up(self) -> None:
        """Hang up now; at the earliest when the function knows of the call."""
        __tracebackhide__ = True
        self._clock.until(lambda: bool(self.replies))
        super().hangs_up()

    def _until_it_rings(self, doing: str) -> Leg:
        __tracebackhide__ = True
        if self._call.legs[0].direction == "Inbound":
            self._fail(doing, "this person makes the call: only who is called can")
        self._clock.until(lambda: len(self.replies) > 1 or self._is_settled)
        return super()._until_it_rings(doing)

    def __repr__(self) -> str:
        return f"<call\n{self.ladder.render()}>"


def _are_in(words: Heard, prompt: Hearing) -> bool:
    said = prompt.clip.text
    return words in said if isinstance(words, str) else words.search(said) is not None


def _state(leg: Leg) -> str:
    return f"the leg is {leg.status or 'not answered'}"


def _quoted(words: Heard | None) -> str:
    return f"/{words.pattern}/" if isinstance(words, re.Pattern) else f"“{words}”"
