"""A caller is greeted, and may press 1 to hear it again."""

from offhook.actions import Hangup, Speak
from offhook.handler import Chosen, Event, Menu, NewInboundCall, Reply, Router

router = Router()

AGAIN = Menu(router, "To hear this again, press 1.", no_input="Goodbye.", attempts=1)


@router.new_inbound_call()
def greet(event: NewInboundCall) -> Reply:
    return [Speak(text="Hello. This line works."), AGAIN.ask]


@AGAIN.option("1")
def again(event: Chosen) -> Reply:
    return [Speak(text="Hello. This line works."), AGAIN.ask]


@AGAIN.gives_up()
def enough(event: Event) -> Reply:
    return Hangup()
