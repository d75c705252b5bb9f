"""Routers with menus, and how they are asked."""

from collections.abc import Callable
from typing import TypeAlias

from offhook.actions import Hangup, Speak
from offhook.emulator.testing import Phone
from offhook.handler import Event, Menu, Reply, Router

AnsweredBy: TypeAlias = Callable[[Router], Phone]
"""Makes a phone that a router answers."""

PRESS_1 = "Press 1."
NOTHING = "I did not hear anything."
NO_SUCH_CHOICE = "There is no such choice."


def asked(*menus: Menu) -> Callable[[Router], Router]:
    """Make a router ask these menus when somebody calls, one after another."""

    def ask(router: Router) -> Router:
        router.new_inbound_call()(lambda _event: [menu.ask for menu in menus])
        return router

    return ask


def says(text: str) -> Callable[[Event], Reply]:
    """A handler that says something and hangs up."""
    return lambda _event: [Speak(text=text), Hangup()]
