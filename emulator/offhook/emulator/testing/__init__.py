"""All that a test imports: a phone, people, far ends, bots, meetings, settings, faults.

    def test_pressing_1_reads_the_opening_hours(phone: Phone) -> None:
        call = phone.dials()
        call.hears("Welcome to the workshop.")
        call.interrupts("1")
        call.hears("We open at nine.")
        call.ends()

Time is virtual: a minute of waiting takes no time, and a story is the same every time.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from offhook.emulator.call.audio import speech as speech
from offhook.emulator.call.bots import Bot as Bot
from offhook.emulator.call.far_end import FarEnd as FarEnd
from offhook.emulator.call.far_end import LiveCall as LiveCall
from offhook.emulator.call.leg import Leg as Leg
from offhook.emulator.call.meetings import MEETING_NUMBER as MEETING_NUMBER
from offhook.emulator.call.meetings import Meeting as Meeting
from offhook.emulator.faults import Fault as Fault
from offhook.emulator.faults import NoSuchFault as NoSuchFault
from offhook.emulator.service.config import Desk as Desk
from offhook.emulator.service.config import SipMediaApplication as SipMediaApplication
from offhook.emulator.service.far_ends import Agent as Agent
from offhook.emulator.service.far_ends import Answers as Answers
from offhook.emulator.service.far_ends import Ivr as Ivr
from offhook.emulator.service.far_ends import NeverAnswers as NeverAnswers
from offhook.emulator.service.far_ends import Rejects as Rejects
from offhook.emulator.service.far_ends import Voicemail as Voicemail
from offhook.emulator.service.far_ends import busy as busy
from offhook.emulator.service.usual import A_CALLER as A_CALLER
from offhook.emulator.service.usual import MONDAY_AT_TEN as MONDAY_AT_TEN
from offhook.emulator.settings import Settings as Settings
from offhook.emulator.testing.people import Person as Person
from offhook.emulator.testing.people import PhoneCall as PhoneCall
from offhook.emulator.testing.people import StoryFailed as StoryFailed
from offhook.emulator.testing.phone import LambdaHandler as LambdaHandler
from offhook.emulator.testing.phone import Phone as Phone

if TYPE_CHECKING:
    from offhook.emulator.explore.options import Options as Options
    from offhook.emulator.testing.exploring import NotExplored as NotExplored
    from offhook.emulator.testing.exploring import explores as explores

_EXPLORING = {"NotExplored", "Options", "explores"}


def __getattr__(name: str) -> object:  # few tests explore, and all of them start
    if name not in _EXPLORING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.exploring"), name)
