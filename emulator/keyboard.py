"""What keys do at the terminal: press digits, answer for the far end, send an update, hang up."""

from collections.abc import Callable

from offhook.emulator.call import Call
from offhook.emulator.leg import Leg

HELP = "Keys: 0-9 * #, h hangs up, Tab changes legs, u updates the call."
FAR_END_HELP = "a answers, d declines for the far end"


class ByHand:
    """A far end that the person at the terminal answers for."""

    def __init__(self) -> None:
        self.leg: Leg | None = None

    def ring(self, call: Call, leg: Leg) -> None:
        """Ring until a key says what happens."""
        self.leg = leg
        call.report(leg, "note", f"rings: {FAR_END_HELP}")


class Keyboard:
    """One key after another."""

    def __init__(self, call: Call, far_end: ByHand, write: Callable[[str], object]) -> None:
        self._call = call
        self._far_end = far_end
        self._write = write
        self._tag = "LEG-A"
        self._typing: str | None = None
        """The arguments of an update, while they are typed."""

    def press(self, key: str) -> None:
        """Do what a key does. Names are prompt_toolkit's: `c-c`, `c-m` (Enter), `c-i` (Tab)."""
        if key == "c-c":
            self._call.person_hangs_up(self._call.legs[0])
        elif self._typing is not None:
            self._type(key)
        elif len(key) == 1 and key in "0123456789*#":
            self._digit(key)
        else:
            self._command(key)

    def _command(self, key: str) -> None:
        match key:
            case "h" | "q" | "c-d":
                self._call.person_hangs_up(self._leg or self._call.legs[0])
            case "c-i":
                self._switch()
            case "u":
                self._typing = ""
                self._write("update the call, as in  name=value name=value : ")
            case "a" | "d":
                self._far_end_decides(answers=key == "a")
            case "c-m":  # Enter, out of habit
                pass
            case _:
                self._note(f"{key} is no key of a telephone. {HELP}")

    @property
    def _leg(self) -> Leg | None:
        return next((leg for leg in self._call.legs if leg.tag == self._tag), None)

    def _digit(self, key: str) -> None:
        leg = self._leg
        if leg is not None and leg.is_connected:
            leg.presses(key)
        else:
            self._note(f"{self._tag} is not on the line")

    def _switch(self) -> None:
        self._tag = "LEG-B" if self._tag == "LEG-A" else "LEG-A"
        self._note(f"keys are {self._tag}'s now")

    def _far_end_decides(self, *, answers: bool) -> None:
        leg = self._far_end.leg
        if leg is None or leg.status is not None:
            self._note("nothing rings")
        elif answers:
            self._call.answered(leg)
        else:
            self._call.person_hangs_up(leg, 486)

    def _type(self, key: str) -> None:
        typed = self._typing or ""
        if key == "c-m":
            self._typing = None
            self._write("\n")
            self._send(typed)
        elif key == "escape":
            self._typing = None
            self._write(" (no update)\n")
        elif key in ("c-h", "backspace"):
            self._typing = typed[:-1]
            self._write("\b \b" if typed else "")
        elif len(key) == 1:
            self._typing = typed + key
            self._write(key)

    def _send(self, typed: str) -> None:
        pairs = [word.partition("=") for word in typed.split()]
        wrong = [name for name, equals, _ in pairs if not (name and equals)]
        if wrong:
            self._note(f"{wrong[0]!r} is no name=value: the update was not sent")
        else:
            self._call.update({name: value for name, _, value in pairs})

    def _note(self, text: str) -> None:
        self._call.report(None, "note", text)
