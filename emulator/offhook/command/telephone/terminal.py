"""A telephone at the terminal: what is said appears as it is said, keys are pressed as typed."""

import asyncio
import os
import re
import sys
import termios
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from shutil import get_terminal_size
from textwrap import fill

from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyPress

from offhook.command.say import say
from offhook.command.telephone.keyboard import HELP, ByHand, Keyboard
from offhook.emulator.call.call import Call
from offhook.emulator.call.ladder import Entry, Folding
from offhook.emulator.call.visible import visible
from offhook.emulator.service.config import SipMediaApplication
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.service import Service
from offhook.emulator.testing import A_CALLER

DIM, BOLD, PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[0m"
_STYLES = {"event": DIM, "log": DIM, "service": BOLD, "note": BOLD}
ESCAPE_SECONDS = 0.1
"""After so long an Escape is a key, and not the beginning of one such as an arrow."""
LATE_SECONDS = 0.3
"""Keys that are typed so long after the end of a call were meant for it, and not for the shell."""


class Screen:
    """Prints the ladder as it grows, and speech word by word, at the pace it is spoken."""

    def __init__(self, write: Callable[[str], object], *, colour: bool) -> None:
        self.write = write
        self._colour = colour
        self._speaking: asyncio.Task[None] | None = None
        self._line_is_open = False
        self._unsaid = ""
        """What is still to come of the line that is open."""
        self._is_heard: Callable[[], bool] = lambda: True
        """Whether the time is over in which it is spoken."""
        self._held: list[Entry] | None = None
        self._folding = Folding()

    def hold(self) -> None:
        """Show nothing while somebody types: what happens meanwhile comes afterwards."""
        self._finish_line()
        self._held = []

    def go_on(self) -> None:
        """Show what was held."""
        held, self._held = self._held or [], None
        for entry in held:
            self._line(str(entry), _STYLES.get(entry.kind, ""))

    def show(self, entry: Entry) -> None:
        """Show a new line of the ladder; of a loop, the first turns."""
        if entry.text:
            for each in self._folding.show(entry):
                self._show(each)

    def end(self) -> None:
        """Show what was not shown yet: nothing more will come."""
        for entry in self._folding.rest():
            self._show(entry)

    def _show(self, entry: Entry) -> None:
        if self._held is not None:
            self._held.append(entry)
            return
        self._finish_line()
        if entry.clip is not None and entry.clip.is_speech:
            self.write(f"{str(entry).partition('“')[0]}“")
            self._line_is_open = True
            loop = asyncio.get_running_loop()
            end = loop.time() + entry.clip.seconds
            self._is_heard = lambda: loop.time() >= end
            self._unsaid = " ".join(visible(entry.clip.text).split())
            self._speaking = loop.create_task(self._speak(entry.clip.seconds))
            return
        self._line(str(entry), _STYLES.get(entry.kind, ""))

    async def _speak(self, seconds: float) -> None:
        words = re.findall(r"\s*\S+", self._unsaid)
        for word in words:
            self.write(word)
            self._unsaid = self._unsaid[len(word) :]
            await asyncio.sleep(0.85 * seconds / len(words))
        self.write("”\n")
        self._line_is_open = False

    def _finish_line(self) -> None:
        """End a line of speech that something else comes into, or after: then all of it was heard,
        also where this machine was too busy to show it in time."""
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None
        if self._line_is_open:
            self.write(f"{self._unsaid}”\n" if self._is_heard() else " ...\n")
            self._line_is_open = False

    def _line(self, text: str, style: str) -> None:
        self.write(f"{style}{text}{PLAIN}\n" if self._colour and style else f"{text}\n")


def choose(numbers: Mapping[str, SipMediaApplication], ask: Callable[[str], str]) -> str:
    """Which of our numbers to dial: by its place in the list, or in full. Enter takes the first,
    and where there is one only nobody is asked."""
    first, *others = numbers
    if not others:
        return first
    for index, (number, application) in enumerate(numbers.items(), 1):
        say(f"  {index}  {number}  {application.name}")
    while True:
        typed = ask(f"Dial [{first}]: ").strip()
        if not typed:
            return first
        if typed.isdecimal() and 1 <= int(typed) <= len(numbers):
            return [*numbers][int(typed) - 1]
        if typed in numbers:
            return typed
        say(f"{typed} is not one of our numbers: type 1 to {len(numbers)}, or Enter for 1.")


async def talk(service: Service, options: Namespace) -> Call:
    """One call, in real time, until somebody hangs up: to the number that is chosen, or from us."""
    number = options.to
    if number is None:
        number = A_CALLER if options.outbound else choose(service.desk.numbers, input)
    say(f"It is {options.at:%A, %H:%M %Z} at this desk (--at says otherwise).")
    say(f"{fill(HELP, get_terminal_size().columns)}\n")
    far_end = ByHand()
    service.far_ends.setdefault(DEFAULT, far_end)
    headers = dict(options.sip_header)
    if options.outbound:
        arguments = dict(options.argument)
        call = service.call_out(
            options.from_, number, at=options.at, arguments=arguments, sip_headers=headers
        )
    else:
        from_ = options.from_ or A_CALLER
        call = service.call_in(number, from_, at=options.at, sip_headers=headers)
    screen = Screen(_write, colour=not os.environ.get("NO_COLOR"))
    for entry in call.ladder.entries:
        screen.show(entry)
    call.ladder.watchers.append(screen.show)
    keyboard = Keyboard(call, far_end, screen)
    call.ladder.watchers.append(lambda _entry: keyboard.look())
    service.speaks_for_bots = keyboard.speaks_for_bot
    keys = create_input()

    def take(presses: Iterable[KeyPress]) -> None:
        for press in presses:
            keyboard.press(press.key)

    def read() -> None:
        take(keys.read_keys())
        asyncio.get_running_loop().call_later(ESCAPE_SECONDS, lambda: take(keys.flush_keys()))

    with keys.raw_mode():
        with keys.attach(read):
            await service.until_over(call)
        keyboard.put_away()
        screen.end()
        await asyncio.sleep(LATE_SECONDS)
        termios.tcflush(keys.fileno(), termios.TCIFLUSH)
    return call


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
