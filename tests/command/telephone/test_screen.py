"""What is said appears word by word, at the pace at which it is heard.

About `offhook.command.telephone.terminal`.
"""

import asyncio
from contextlib import closing

import pytest

from offhook.command.telephone.terminal import Screen
from offhook.emulator.call.audio import Clip
from offhook.emulator.call.ladder import Entry
from offhook.emulator.clock import VirtualLoop


@pytest.mark.parametrize(("seconds", "ends"), [(2.0, "“Book, two or three.”"), (0.4, "“Book, ...")])
def test_what_was_heard_in_full_is_shown_in_full_however_busy_the_machine_is(
    seconds: float, ends: str
) -> None:
    written: list[str] = []
    screen = Screen(written.append, colour=False)
    clip = Clip("Book, two or three.", 1.0, is_speech=True)

    async def hears() -> None:
        screen.show(Entry(0.0, "LEG-A", "hears", f"hears {clip}", clip))
        await asyncio.sleep(0)  # the first word; and then nothing is shown in time
        loop.now += seconds
        screen.show(Entry(seconds, "LEG-A", "call", "is hung up by the application"))

    with closing(VirtualLoop()) as loop:
        loop.run_until_complete(hears())
    spoken, hung_up = "".join(written).splitlines()
    assert spoken.endswith(ends)
    assert hung_up.endswith("is hung up by the application")
