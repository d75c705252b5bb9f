"""A caller is greeted, and may press 1 to hear it again."""

from offhook.actions import Hangup, Speak
from offhook.handler import CallAnswered, Chosen, Event, Menu, NewInboundCall, Reply, Router  # $calling_out
from offhook.handler import Chosen, Event, Menu, NewInboundCall, Reply, Router  # $only_answering

router = Router()

AGAIN = Menu(
    router,
    "To hear this again, press 1.",
    no_input="Nothing was pressed.",
    invalid_input="Here is only 1 to press.",
    attempts=2,
)


@router.new_inbound_call()
def greet(event: NewInboundCall) -> Reply:
    return [Speak(text="Hello. This line works."), AGAIN.ask]


@router.call_answered()  # $calling_out
def greet_whom_we_call(event: CallAnswered) -> Reply:  # $calling_out
    return [Speak(text="Hello. This line calls you."), AGAIN.ask]  # $calling_out
  # $calling_out
  # $calling_out
@AGAIN.option("1")
def again(event: Chosen) -> Reply:
    return [Speak(text="Hello. This line works."), AGAIN.ask]


@AGAIN.gives_up()
def enough(event: Event) -> Reply:
    return [Speak(text="Goodbye."), Hangup()]
