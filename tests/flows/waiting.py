"""What callers of the waiting room do, and what is done for them."""

from flows.waiting_room import Decision
from offhook.emulator.testing import Person, Phone, PhoneCall
from offhook.handler import arguments_of

WAITING_ROOM = "+15550100103"
SOMEBODY, SOMEBODY_ELSE = "+15550100300", "+15550100301"
MEETING, TOKEN = "8a1f", "ada-may-join"
NOT_NOW = "That did not work. Please wait a little longer."


def waits(phone: Phone) -> PhoneCall:
    """A call in which the music plays."""
    call = phone.dials(WAITING_ROOM)
    call.hears("Please wait. We will be with you soon.")
    call.waits(2)
    return call


def decide(call: PhoneCall, decision: Decision) -> None:
    """An update of the call, as any program may send it; it cuts the music."""
    call.updates(**arguments_of(decision))


def transferred(call: PhoneCall, somebody: Person, number: str = SOMEBODY) -> None:
    """The caller talks with somebody."""
    decide(call, Decision(what="transfer", number=number))
    call.hears("hold-music")
    call.hears("We connect you.")
    somebody.answers(after=3)
    assert somebody.is_connected


def admitted(phone: Phone) -> PhoneCall:
    """A call in a meeting."""
    call = waits(phone)
    decide(call, Decision(what="admit", meeting_id=MEETING, join_token=TOKEN))
    call.hears("hold-music")
    call.hears("You are admitted.")
    call.waits(1)
    assert "is the meeting 8a1f" in call.ladder.render()
    return call


def stays(call: PhoneCall) -> None:
    """Nothing is heard for a minute, and nobody leaves."""
    heard = call.heard
    call.waits(60)
    assert call.is_connected
    assert call.heard == heard


def leaves(call: PhoneCall) -> None:
    """The caller hangs up, and that is the end of the call."""
    call.hangs_up()
    call.ends()
