"""What keys do at the terminal: press digits, speak, answer for the far end, update, hang up."""

import asyncio
import shlex
from collections.abc import Callable
from typing import Protocol

from offhook.emulator.call.audio import speech
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg

HELP = (
    "Keys: 0-9 * #, s says something, h hangs up, Tab changes legs, u updates the "
    "call, a answers and d declines where it rings, Ctrl-C ends the call."
)
FAR_END_HELP = "a answers, d declines"


class ByHand:
    """A far end that the person at the terminal answers for."""

    def __init__(self) -> None:
        self.leg: Leg | None = None

    def ring(self, _call: LiveCall, leg: Leg) -> None:
        """Ring until a key says what happens."""
        self.leg = leg
        leg.report("note", f"rings: {FAR_END_HELP}")


class Paper(Protocol):
    """What is written to while the person types."""

    def write(self, text: str, /) -> object:
        """Write this text at once."""
        ...

    def hold(self) -> None:
        """Keep back what happens in the call, so that it does not run into what is typed."""
        ...

    def go_on(self) -> None:
        """Show what was kept back, and what happens from now on."""
        ...


class Keyboard:
    """One key after another."""

    def __init__(self, call: Call, far_end: ByHand, paper: Paper) -> None:
        self._call = call
        self._far_end = far_end
        self._paper = paper
        self._tag = "LEG-A"
        self._typed = ""
        self._entered: Callable[[str], None] | None = None
        """Takes the line that is being typed."""
        self._left: Callable[[], object] | None = None
        """What comes of a line that is left with Escape."""

    def press(self, key: str) -> None:
        """Do what a key does. Names are prompt_toolkit's: `c-c`, `c-m` (Enter), `c-i` (Tab)."""
        if key == "c-c":
            self._everybody_leaves()
        elif self._entered is not None:
            self._type(key, self._entered)
        elif len(key) == 1 and key in "0123456789*#":
            if leg := self._leg_in_use():
                leg.presses(key)
        else:
            self._command(key)

    def _command(self, key: str) -> None:
        match key:
            case "h" | "q" | "c-d":
                self._hang_up()
            case "c-i":
                self._switch()
            case "s":
                if leg := self._leg_in_use():
                    leg.speaks_up = True
                    self._ask(f"{self._tag} says: ", self._say)
            case "u":
                self._ask('update the call, as in  name=value name="two words" : ', self._update)
            case "a" | "d":
                self._far_end_decides(answers=key == "a")
            case "c-m":  # Enter, out of habit
                pass
            case _:
                self._note(f"{key if len(key) == 1 else 'that'} is no key of a telephone. {HELP}")

    def _leg(self, tag: str) -> Leg | None:
        """The leg with a tag, unless it has ended."""
        return next((leg for leg in self._call.legs if leg.tag == tag and not leg.is_gone), None)

    def _leg_in_use(self) -> Leg | None:
        """The leg whose keys these are, if somebody is on it; otherwise that is said."""
        leg = self._leg(self._tag)
        if leg is None or not leg.is_connected:
            self._note(f"{self._tag} is not on the line{self._way_out()}")
            return None
        return leg

    @property
    def _other_tag(self) -> str:
        return "LEG-B" if self._tag == "LEG-A" else "LEG-A"

    def _way_out(self) -> str:
        return f": Tab changes to {self._other_tag}" if self._leg(self._other_tag) else ""

    def _hang_up(self) -> None:
        leg = self._leg(self._tag)
        if leg is None:
            self._note(f"{self._tag} is not on the line{self._way_out()}")
        else:
            self._call.person_hangs_up(leg)

    def look(self) -> None:
        """Whoever is still on the line has the keys now, where the other side has left."""
        mine, other = self._leg(self._tag), self._leg(self._other_tag)
        if mine is None and other is not None and other.is_connected:
            left, self._tag = self._tag, self._other_tag
            self._note(f"{left} has left, {self._tag} is still up: keys are {self._tag}'s now")

    async def speaks_for_bot(self, bot_alias_arn: str) -> Bot:
        """What a bot has made of its caller: it is asked until it makes sense. Escape, or nothing,
        is the FallbackIntent."""
        question = f"{bot_alias_arn}: which intent, as in  BookRoom Nights=2 : "
        while True:
            try:
                intent, *slots = shlex.split(await self._line(question)) or ["FallbackIntent"]
                if "=" not in intent:
                    pairs = dict(slot.split("=", 1) for slot in slots)
                    return Bot(intent=intent, slots=pairs, seconds=0)
            except ValueError:  # a quote is not closed, or a slot has no value
                pass
            self._note("that is no intent: write its name, then slots as name=value")

    async def _line(self, prompt: str) -> str:
        """A line that is typed; empty where it is left."""
        typed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def take(text: str) -> None:
            if not typed.done():  # else the call has ended at this very moment
                typed.set_result(text)

        self.put_away()
        self._ask(prompt, take, lambda: take(""))
        try:
            return await typed
        finally:  # whoever was asked has left
            self.put_away()

    def put_away(self) -> None:
        """The call is over, also for who is still typing."""
        if self._entered is not None:
            self._done_typing("\n")

    def _everybody_leaves(self) -> None:
        self.put_away()
        for leg in tuple(self._call.legs):
            if not leg.is_gone:
                self._call.person_hangs_up(leg)

    def _switch(self) -> None:
        if self._leg(self._other_tag) is None:
            self._note(f"{self._other_tag} is not on the line: keys stay {self._tag}'s")
            return
        self._tag = self._other_tag
        self._note(f"keys are {self._tag}'s now")

    def _far_end_decides(self, *, answers: bool) -> None:
        leg = self._far_end.leg
        if leg is None or leg.status is not None:
            self._note("nothing rings")
        elif answers:
            self._call.answered(leg)
        else:
            self._call.person_hangs_up(leg, 486)

    def _ask(
        self, prompt: str, entered: Callable[[str], None], left: Callable[[], object] | None = None
    ) -> None:
        """What is typed next is a line, until Enter or Escape."""
        self._paper.hold()
        self._typed, self._entered, self._left = "", entered, left
        self._paper.write(prompt)

    def _type(self, key: str, entered: Callable[[str], None]) -> None:
        if key == "c-m":
            self._done_typing("\n")
            entered(self._typed)
        elif key == "escape":
            self._done_typing(" (nothing)\n")
            if self._left is not None:
                self._left()
        elif key in ("c-h", "backspace"):
            self._paper.write("\b \b" if self._typed else "")
            self._typed = self._typed[:-1]
        elif len(key) == 1 and key.isprintable():
            self._typed += key
            self._paper.write(key)

    def _done_typing(self, end: str) -> None:
        self._entered = None
        for leg in self._call.legs:
            leg.speaks_up = False
        self._paper.write(end)
        self._paper.go_on()

    def _say(self, typed: str) -> None:
        leg = self._leg_in_use()
        if leg is not None and typed.strip():
            pace = self._call.settings.words_per_minute
            self._call.person_says(leg, speech(typed.strip(), "text", pace))

    def _update(self, typed: str) -> None:
        try:
            pairs = [word.partition("=") for word in shlex.split(typed)]
        except ValueError:
            self._note('a " is not closed: the update was not sent')
            return
        wrong = [name for name, equals, _ in pairs if not (name and equals)]
        if wrong:
            self._note(f"{wrong[0]!r} is no name=value: the update was not sent")
        elif self._call.is_over:
            self._note("the call is over: the update was not sent")
        else:
            self._call.update({name: value for name, _, value in pairs})

    def _note(self, text: str) -> None:
        self._call.report("note", text)
