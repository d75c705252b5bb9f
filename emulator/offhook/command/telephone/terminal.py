"""A telephone at the terminal: what is said appears as it is said, keys are pressed as typed."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyPress

from offhook.command.say import say
from offhook.command.telephone.keyboard import ByHand, Keyboard
from offhook.emulator.call.audio import Clip
from offhook.emulator.call.call import Call
from offhook.emulator.call.ladder import Entry
from offhook.emulator.service.service import Service
from offhook.emulator.visible import visible

CALLER = "+15550100200"

DIM, BOLD, PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[0m"
_STYLES = {"event": DIM, "log": DIM, "service": BOLD, "note": BOLD}
ESCAPE_SECONDS = 0.1
"""After so long an Escape is a key, and not the beginning of one such as an arrow."""


class Screen:
    """Prints the ladder as it grows, and speech word by word, at the pace it is spoken."""

    def __init__(self, write: Callable[[str], object], *, colour: bool) -> None:
        self.write = write
        self._colour = colour
        self._speaking: asyncio.Task[None] | None = None
        self._line_is_open = False
        self._held: list[Entry] | None = None

    def hold(self) -> None:
        """Show nothing while somebody types: what happens meanwhile comes afterwards."""
        self._finish_line()
        self._held = []

    def go_on(self) -> None:
        """Show what was held."""
        held, self._held = self._held or [], None
        for entry in held:
            if entry.text:
                self._line(str(entry), _STYLES.get(entry.kind, ""))

    def show(self, entry: Entry) -> None:
        """Show a new line of the ladder."""
        if self._held is not None:
            self._held.append(entry)
            return
        if entry.kind == "cut" and not entry.text:
            return
        self._finish_line()
        if entry.clip is not None and entry.clip.is_speech:
            self.write(f"{str(entry).partition('“')[0]}“")
            self._line_is_open = True
            self._speaking = asyncio.get_running_loop().create_task(self._speak(entry.clip))
            return
        self._line(str(entry), _STYLES.get(entry.kind, ""))

    async def _speak(self, clip: Clip) -> None:
        words = visible(clip.text).split()
        for index, word in enumerate(words):
            self.write(f"{' ' if index else ''}{word}")
            await asyncio.sleep(0.85 * clip.seconds / len(words))
        self.write("”\n")
        self._line_is_open = False

    def _finish_line(self) -> None:
        """End a line of speech that something else comes into."""
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None
        if self._line_is_open:
            self.write(" ...\n")
            self._line_is_open = False

    def _line(self, text: str, style: str) -> None:
        self.write(f"{style}{text}{PLAIN}\n" if self._colour and style else f"{text}\n")


def choose(numbers: Sequence[str], ask: Callable[[str], str]) -> str:
    """Which of our numbers to dial: by its place in the list, or in full. Enter takes the first."""
    for index, number in enumerate(numbers, 1):
        say(f"  {index}  {number}")
    while True:
        typed = ask(f"Dial [{numbers[0]}]: ").strip()
        if not typed:
            return numbers[0]
        if typed.isdecimal() and 1 <= int(typed) <= len(numbers):
            return numbers[int(typed) - 1]
        if typed in numbers:
            return typed
        say(f"{typed} is not one of our numbers: type 1 to {len(numbers)}, or Enter for 1.")


async def talk(service: Service, number: str, at: datetime) -> Call:
    """One call, in real time, until somebody hangs up."""
    far_end = ByHand()
    service.default_far_end = far_end
    call = service.call_in(number, CALLER, at=at)
    screen = Screen(_write, colour=sys.stdout.isatty())
    for entry in call.ladder.entries:
        screen.show(entry)
    call.ladder.watchers.append(screen.show)
    keyboard = Keyboard(call, far_end, screen)
    keys = create_input()

    def take(presses: Iterable[KeyPress]) -> None:
        for press in presses:
            keyboard.press(press.key)

    def read() -> None:
        take(keys.read_keys())
        asyncio.get_running_loop().call_later(ESCAPE_SECONDS, lambda: take(keys.flush_keys()))

    with keys.raw_mode(), keys.attach(read):
        await service.until_over(call)
    keyboard.put_away()
    return call


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
