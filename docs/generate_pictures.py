"""Draws the ladder that the README and the pages show: a call of the reception."""

from pathlib import Path

from offhook.emulator.service.config import load
from offhook.emulator.testing import Answers, Phone
from offhook.emulator.viewer.document import ladder
from offhook.emulator.viewer.picture import picture

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
LADDER = FOLDER / "ladder.svg"


def drawn() -> str:
    """A caller asks for somebody, is put through, and hangs up."""
    desk = load(ROOT).model_copy(update={"state": None})
    with Phone(desk=desk) as phone:
        phone.at("+15550100300", Answers(after=3))
        call = phone.dials("+15550100101")
        call.hears("This is the reception.")
        call.interrupts("1")
        call.waits(12)
        call.hangs_up()
        phone.wait(1)
        return picture([*map(ladder, phone.service.placed())])


def write() -> None:
    """Put it where the pages look for it."""
    FOLDER.mkdir(exist_ok=True)
    LADDER.write_text(drawn(), encoding="utf-8")


if __name__ == "__main__":
    write()
