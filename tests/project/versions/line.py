"""A line that stores, waits and hangs up: what a version writes, it writes of this one.

Edit nothing here but words: who is up in the middle of a deployment is known by the rest.
"""

from pydantic import BaseModel

from offhook.actions import Hangup, Response, Speak
from offhook.handler import Chosen, Menu, NewInboundCall, Reply, Router

router = Router()
MENU = Menu(router, "For one more, press 1. That is all: press 2.")


class Order(BaseModel):
    """What is ordered."""

    soups: int = 0


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    """Ask."""
    return Response(MENU.ask, attributes=Order())


@MENU.option("1")
def one_more(event: Chosen) -> Reply:
    """Count it, and ask again."""
    order = Order(soups=event.state(Order).soups + 1)
    return Response([Speak(text=f"That makes {order.soups}."), MENU.ask], attributes=order)


@MENU.option("2")
def that_is_all(event: Chosen) -> Reply:
    """Let them go."""
    return [Speak(text="Thank you."), Hangup()]
