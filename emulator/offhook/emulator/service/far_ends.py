"""Who is at the other end of a number that we call: what happens there when it rings.

A far end that nobody describes answers after two seconds and stays, in silence.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, TypeAlias

from pydantic import Strict

from offhook.emulator.call.audio import Clip, speech
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.ladder import Entry
from offhook.emulator.call.leg import Leg

Seconds: TypeAlias = Annotated[float, Strict()]
"""Where they are described, false is no number."""

WORDS_PER_MINUTE = 165
BEEP = Clip("beep", 0.5, is_speech=False)


@dataclass(frozen=True)
class Answers:
    """Picks up after some seconds of ringing, says what there is to say, and stays."""

    after: Seconds = 2.0
    """Seconds that it rings before somebody answers."""
    says: Sequence[str] = ()
    """What it says once it has answered, one after the other."""
    hangs_up_after: Seconds | None = None
    """Seconds after answering; `None` stays on the line."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Pick up `after` so many seconds, and talk."""
        _pick_up(call, leg, self.after, self._talk)

    def _talk(self, call: LiveCall, leg: Leg) -> None:
        later = 0.0
        for text in self.says:
            clip = speech(text, "text", WORDS_PER_MINUTE)
            leg.loop.call_later(later, call.person_says, leg, clip)
            later += clip.seconds
        if self.hangs_up_after is not None:
            leg.loop.call_later(self.hangs_up_after, call.person_hangs_up, leg)


@dataclass(frozen=True)
class Rejects:
    """Refuses the call: 486 busy, 603 declined, 404 no such number."""

    sip_response_code: Annotated[int, Strict()] = 603
    """486 is busy, 603 declined, 404 no such number."""
    after: Seconds = 0.0
    """Seconds that it rings before it refuses."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Refuse with the SIP response code, `after` so many seconds."""
        leg.loop.call_later(self.after, call.person_hangs_up, leg, self.sip_response_code)


def busy() -> Rejects:
    """Is on the phone already."""
    return Rejects(486)


@dataclass(frozen=True)
class NeverAnswers:
    """Rings until whoever calls gives up: 30 seconds, or the CallTimeoutSeconds of the action."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Nobody picks up: it rings on."""


@dataclass(frozen=True)
class Voicemail:
    """A machine: picks up, greets, beeps, and listens for a while. The ladder says what it kept."""

    greeting: str = "I am not here. Leave a message after the tone."
    """What it says before its beep."""
    after: Seconds = 10.0
    """Seconds that it rings before the machine picks up."""
    listens: Seconds = 60.0
    """Seconds that it records before it hangs up."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Pick up `after` so many seconds, and play the greeting."""
        _pick_up(call, leg, self.after, self._greet)

    def _greet(self, call: LiveCall, leg: Leg) -> None:
        greeting = speech(self.greeting, "text", WORDS_PER_MINUTE)
        call.person_says(leg, greeting)
        leg.loop.call_later(greeting.seconds, call.person_says, leg, BEEP)
        tone = greeting.seconds + BEEP.seconds
        leg.loop.call_later(tone + self.listens, call.person_hangs_up, leg)
        leg.at_end(partial(_keep, leg, leg.loop.time() + tone))


@dataclass(frozen=True)
class Ivr:
    """A menu at the other end: greets, then says an answer for each run of digits it hears."""

    greeting: str
    """What it says when it has answered."""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    """What it says after these digits."""
    after: Seconds = 1.0
    """Seconds that it rings before it answers."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Pick up `after` so many seconds, and play the greeting."""
        _pick_up(call, leg, self.after, self._greet)

    def _greet(self, call: LiveCall, leg: Leg) -> None:
        call.person_says(leg, speech(self.greeting, "text", WORDS_PER_MINUTE))
        pressed = ""

        def hear(digit: str) -> None:
            nonlocal pressed
            pressed = self._chosen(pressed + digit)
            if pressed in self.answers:
                call.person_says(leg, speech(self.answers[pressed], "text", WORDS_PER_MINUTE))
                pressed = ""

        call.on_digits(leg, hear)

    def _chosen(self, pressed: str) -> str:
        """What was pressed, without what leads nowhere."""
        while pressed and not any(choice.startswith(pressed) for choice in self.answers):
            pressed = pressed[1:]
        return pressed


@dataclass(frozen=True)
class Agent:
    """A voice agent, or any SIP application, behind a Voice Connector: it picks up and takes its
    turns, the first at once, each further one when the caller has spoken, or has been silent for a
    while. It stays in silence when it has no more, unless it `dies`."""

    turns: Sequence[str | Mapping[str, str]] = ()
    """What it says. Headers instead, as in `{"X-Given-Back": "desk"}`: it gives the caller back
    with these in its BYE, and is gone. They are a guess where `bye_headers_are_told` says so."""
    dies: Annotated[bool, Strict()] = False
    """Whether its line breaks when all is said."""
    after: Seconds = 1.0
    """Seconds that it rings before it answers."""
    patience: Seconds = 5.0
    """Seconds of silence after which it goes on by itself."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Pick up `after` so many seconds, and take the first turn."""
        _pick_up(call, leg, self.after, self._converse)

    def _converse(self, call: LiveCall, leg: Leg) -> None:
        left = list(self.turns)
        due: asyncio.TimerHandle

        def turn() -> None:
            nonlocal due
            if leg.is_gone:
                return
            match left.pop(0) if left else None:
                case str(text):
                    clip = speech(text, "text", WORDS_PER_MINUTE)
                    call.person_says(leg, clip)
                    due = leg.loop.call_later(clip.seconds + self.patience, turn)
                case None:
                    if self.dies:
                        call.loses(leg)
                case headers:
                    leg.report("call", f"gives the caller back with {', '.join(headers)}")
                    if call.settings.bye_headers_are_told:
                        leg.sip_headers = headers
                    call.person_hangs_up(leg)

        def listen(entry: Entry) -> None:
            nonlocal due
            if entry.kind == "says" and entry.leg != leg.tag and entry.clip is not None:
                due.cancel()
                due = leg.loop.call_later(entry.clip.seconds, turn)

        due = leg.loop.call_later(0, turn)
        call.ladder.watchers.append(listen)


AT_FAULT: Mapping[str, FarEnd] = {
    "destination-busy": busy(),
    "destination-dies": Agent(turns=["Hello."], dies=True, patience=1.0),
    "destination-silent": NeverAnswers(),
    "destination-voicemail": Voicemail(),
}
"""Who is at a number where something goes wrong on purpose, by the name of the fault."""


def _keep(leg: Leg, since: float) -> None:
    """What the mailbox heard since its tone, at the end of the call."""
    now = leg.loop.time()
    leg.kept = sum(max(0.0, min(span.end, now) - max(span.start, since)) for span in leg.heard)
    if leg.kept:
        leg.report("note", f"the mailbox kept {leg.kept:.1f} s")
    elif now <= since:
        leg.report("note", "the mailbox kept nothing: the call was over before its tone")
    else:
        was = "what was said was over before its tone" if leg.heard else "nobody said anything"
        leg.report("note", f"the mailbox kept nothing: {was}")


def _pick_up(call: LiveCall, leg: Leg, after: float, then: Callable[[LiveCall, Leg], None]) -> None:
    """Answer after some seconds, if it still rings; then do what follows."""

    def answer() -> None:
        if leg.status is None:
            call.answered(leg)
            if leg.is_connected:
                then(call, leg)

    leg.loop.call_later(after, answer)
