"""A clinic's line in two languages: a patient number, the appointment, somebody to talk to.

The number is read back, and looked up while the caller waits. The appointment is kept, moved, or
talked over: with an assistant (a voice agent), which gives the caller back, or with the desk, where
nobody there means the voicemail. A call of ours reminds a patient, and carries a `Visit`.
"""

import json
import logging
import os
from typing import Literal

from pydantic import BaseModel

from offhook.actions import (
    Actions,
    CallAndBridge,
    RecordAudio,
    Response,
    Speak,
)
from offhook.handler import (
    ActionFailed,
    ActionSuccessful,
    ArgumentsUnreadable,
    CallAnswered,
    Chosen,
    Event,
    Language,
    Menu,
    NewInboundCall,
    NewOutboundCall,
    Reply,
    Router,
    Words,
    bridge_to_agent,
    events,
    given_back,
    hang_up,
    hang_up_the_rest,
    log,
    on,
    once,
    transfer,
)

router = Router()

DESK = "+15550100301"
"""The telephone of the desk, on the emulator."""

AGENT = "clinic-assistant"
"""The user part of the assistant, behind the Voice Connector."""

CONNECTOR = "arn:aws:chime:us-east-1:123456789012:vc/abcdefghijklmnopqrstuv"
"""The Voice Connector, on the emulator."""

AT_THE_DESK = {"123456": {"name": "Ada", "when": "10:00"}}
"""Who is a patient where there is no directory to ask."""

PATIENCE_SECONDS = 4.0
"""How long the directory may take."""


class Visit(BaseModel):
    """What is known of a call: its state, and the arguments of one that we make."""

    language: Literal["english", "spanish"] = "english"
    patient: str = ""
    name: str = ""
    when: str = ""
    """The appointment, as it is said."""
    outcome: Literal["", "no answer", "kept", "to be moved"] = ""


class Say:
    """What the line says."""

    english = Language("Joanna", "en-US")
    spanish = Language("Lupe", "es-US")

    welcome = Words("Welcome to the clinic.", "Bienvenido a la clínica.")
    number = Words(
        "Please enter your patient number, six digits. To talk with us, press star.",
        "Por favor, marque los seis dígitos de su número de paciente, o asterisco para hablar.",
    )
    not_six = Words("These are not six digits.", "No son seis dígitos.")
    is_it_right = Words(
        "Your number is {number}. If that is right, press 1. If not, press 2.",
        "Su número es {number}. Si es correcto, oprima 1. Si no, oprima 2.",
    )
    silence = Words("I did not hear anything.", "No escuché nada.")
    wrong = Words("There is no such choice.", "Esa opción no existe.")
    moment = Words("One moment, please.", "Un momento, por favor.")
    unknown = Words("We do not know this number.", "No conocemos este número.")
    no_directory = Words("We cannot look that up now.", "No podemos consultarlo ahora.")
    hello = Words("Hello {name}.", "Hola {name}.")
    reminder = Words("This is the clinic, for {name}.", "Llamamos de la clínica, para {name}.")
    appointment = Words(
        "Your appointment is at {when}. To keep it, press 1. For another time, press 2. "
        "For our assistant, press 3. For the desk, press 0.",
        "Su cita es a las {when}. Para confirmar, oprima 1. Para cambiarla, oprima 2. "
        "Para nuestro asistente, oprima 3. Para hablar con nosotros, oprima 0.",
    )
    kept = Words("Thank you. See you then.", "Gracias. Hasta entonces.")
    moved = Words("We will call you about another time.", "Le llamaremos para otra hora.")
    lost = Words("The assistant is not there now.", "El asistente no está disponible.")
    nobody = Words(
        "Nobody can take your call. Please leave a message.",
        "Nadie puede atenderle. Por favor, deje un mensaje.",
    )
    recorded = Words("Your message is with us.", "Hemos recibido su mensaje.")
    not_recorded = Words("We could not take your message.", "No pudimos recibir su mensaje.")
    call_back = Words(
        "Your appointment is at {when}. Please call us back.",
        "Su cita es a las {when}. Por favor, llámenos.",
    )
    mistake = Words("We called you by mistake.", "Le llamamos por error.")
    goodbye = Words("Goodbye.", "Adiós.")


class NoDirectory(Exception):
    """The directory did not answer, or not in time, or not in its words."""


def is_it_right(event: Chosen) -> Speak:
    """The number that was entered, digit by digit."""
    return Say.is_it_right(event, number=" ".join(event.received_digits))


def appointment(event: Event) -> Speak:
    """The appointment, and what can be done about it."""
    return Say.appointment(event, when=event.state(Visit).when)


LANGUAGE = Menu(
    router,
    Speak(text="For English, press 1. Para español, oprima 2.", voice_id="Lupe"),
    no_input="Hello? ¿Hola?",
    invalid_input="1, 2?",
)
NUMBER = Menu(router, Say.number, no_input=Say.silence, invalid_input=Say.not_six, longest_option=6)
CHECK = Menu(router, is_it_right, no_input=Say.silence, invalid_input=Say.wrong)
CHOICES = Menu(router, appointment, no_input=Say.silence, invalid_input=Say.wrong)

MESSAGE = RecordAudio(
    recording_destination="clinic",
    recording_terminators="#",
    duration_in_seconds=120,
    silence_duration_in_seconds=3,
)


# --- who calls: the language, and the number


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return LANGUAGE.ask


@LANGUAGE.option("1")
def english(event: Chosen) -> Reply:
    return begins(event, Visit(language="english"))


@LANGUAGE.option("2")
def spanish(event: Chosen) -> Reply:
    return begins(event, Visit(language="spanish"))


def begins(event: Event, visit: Visit) -> Reply:
    """Welcome them in their language, from here on."""
    there = event.knowing(visit)
    return Response([Say.welcome(there), NUMBER.asks(there)], attributes=visit)


@NUMBER.collects(CHECK)
def entered(event: Chosen) -> Reply:
    # It is looked up when this has been said: nobody waits in silence.
    visit = event.state(Visit).model_copy(update={"patient": CHECK.about(event)})
    return Response(Say.moment(event), attributes=visit)


@NUMBER.option("*")
def has_no_number(event: Chosen) -> Reply:
    return to_the_desk(event, Say.moment)


def is_to_be_looked_up(event: Event) -> bool:
    """Whether there is a number of which nothing is known yet."""
    said = event.transaction_attributes
    return bool(said.get("patient")) and not said.get("name")


@router.action_successful(Speak, when=is_to_be_looked_up)
def looked_up(event: ActionSuccessful[Speak]) -> Reply:
    visit = event.state(Visit)
    found = patient(visit.patient)
    if found is None:
        return to_the_desk(event, Say.unknown)
    there = event.knowing(found := found.model_copy(update={"language": visit.language}))
    return Response([Say.hello(there, name=found.name), CHOICES.asks(there)], attributes=found)


@router.exception(NoDirectory)
def no_directory(event: Event, error: NoDirectory) -> Reply:
    log.warn(event, f"{error}: the caller is connected with the desk")
    return to_the_desk(event, Say.no_directory)


def patient(number: str) -> Visit | None:
    """What the directory says of a number; `None` where it knows none. Raises `NoDirectory`."""
    from urllib.error import HTTPError  # on first use: they take long to load
    from urllib.request import urlopen

    said: dict[str, str] | None = AT_THE_DESK.get(number)
    directory = os.environ.get("CLINIC_DIRECTORY")
    if not directory and is_deployed():
        raise NoDirectory("there is no CLINIC_DIRECTORY to ask")
    try:
        if directory:
            with urlopen(f"{directory}/{number}", timeout=PATIENCE_SECONDS) as page:
                said = json.load(page)
        return Visit.model_validate({**said, "patient": number}) if said else None
    except HTTPError as error:
        if error.code == 404:
            return None
        raise NoDirectory(f"the directory answers {error.code}") from None
    except (OSError, TypeError, ValueError) as error:
        raise NoDirectory(f"the directory fails: {type(error).__name__}") from None


# --- the appointment, also in a call of ours


@router.new_outbound_call()
def remember(event: NewOutboundCall) -> Reply:
    # The arguments come with this event only: the attributes keep them.
    try:
        visit = event.arguments_as(Visit)
        if not (visit.name and visit.when):
            raise ArgumentsUnreadable("there is no name, or no time")
    except ArgumentsUnreadable as error:
        log.say(logging.ERROR, event, f"there is nothing to remind of: {error}")
        return None
    return Response(attributes=visit.model_copy(update={"outcome": "no answer"}))


@router.call_answered(state={"outcome": "no answer"})
def remind(event: CallAnswered) -> Reply:
    return [Say.reminder(event, name=event.state(Visit).name), CHOICES.asks(event)]


@router.call_answered()
def called_by_mistake(event: CallAnswered) -> Reply:
    return lets_go(event, Say.mistake)


@CHOICES.option("1")
def kept(event: Chosen) -> Reply:
    return Response(lets_go(event, Say.kept), attributes=came_to(event, "kept"))


@CHOICES.option("2")
def moved(event: Chosen) -> Reply:
    return Response(lets_go(event, Say.moved), attributes=came_to(event, "to be moved"))


@CHOICES.option("3")
def to_the_assistant(event: Chosen) -> Reply:
    visit, connector = event.state(Visit), of_the_stack("CLINIC_CONNECTOR", CONNECTOR)
    if not connector:
        return to_the_desk(event, Say.lost)
    headers = {"X-Language": visit.language, "X-Patient": visit.patient}
    return [Say.moment(event), *bridge_to_agent(event, AGENT, connector, headers=headers)]


@CHOICES.option("0")
def to_somebody(event: Chosen) -> Reply:
    return to_the_desk(event, Say.moment)


@CHOICES.gives_up()
def says_nothing(event: Event) -> Reply:
    # By now a voicemail, which presses nothing either, has beeped and keeps it.
    visit = event.state(Visit)
    return [Say.reminder(event, name=visit.name), *lets_go(event, Say.call_back, when=visit.when)]


@LANGUAGE.gives_up()
@NUMBER.gives_up()
@CHECK.gives_up()
def gives_up(event: Event) -> Reply:
    return lets_go(event, Say.goodbye)


# --- the assistant, the desk, the voicemail


@router.action_successful(CallAndBridge)
def talking(event: ActionSuccessful[CallAndBridge]) -> Reply:
    return None  # the two are talking now


@router.action_failed(CallAndBridge)
def nobody_there(event: ActionFailed[CallAndBridge]) -> Reply:
    if event.action.uri == AGENT:
        return to_the_desk(event, Say.lost)
    return leave_a_message(event)


@router.hangup(leg="LEG-B")
def the_other_side_left(event: events.Hangup) -> Reply:
    if not event.leg_a.is_connected:
        return None
    if event.leg.to != AGENT:
        return lets_go(event, Say.goodbye)
    match given_back(event):
        case "done":
            return lets_go(event, Say.goodbye)
        case "appointment":
            return on(event.leg_a, CHOICES.asks(event))
        case "desk":
            return to_the_desk(event, Say.moment)
        case _:  # it died, or has words that we do not know
            return to_the_desk(event, Say.lost)


@router.action_successful(RecordAudio)
def recorded(event: ActionSuccessful[RecordAudio]) -> Reply:
    return lets_go(event, Say.recorded)


@router.action_failed(RecordAudio)
def not_recorded(event: ActionFailed[RecordAudio]) -> Reply:
    return lets_go(event, Say.not_recorded)


@router.hangup(leg="LEG-A")
@once
def over(event: events.Hangup) -> Reply:
    if outcome := event.state(Visit).outcome:
        log.logger.info("clinic: %s", outcome, extra=log.keys(event))
    return hang_up_the_rest(event)


# --- what several of them say


def lets_go(event: Event, words: Words, **values: str) -> Actions:
    """Say something last, and end the call."""
    return [on(event.leg_a, words(event, **values)), hang_up(event.leg_a)]


def to_the_desk(event: Event, words: Words) -> Actions:
    """Say why, and ring the desk; deployed without one there is the voicemail."""
    desk = of_the_stack("CLINIC_DESK", DESK)
    if not desk:
        return leave_a_message(event)
    bridge = transfer(event, desk, call_timeout_seconds=20)
    return [on(event.leg_a, words(event)), *bridge]


def leave_a_message(event: Event) -> Actions:
    """Nobody is there: record."""
    return [on(event.leg_a, Say.nobody(event)), on(event.leg_a, MESSAGE)]


def of_the_stack(name: str, on_the_emulator: str) -> str:
    """What the template's FlowSettings say. Deployed without one it is empty."""
    return os.environ.get(name) or ("" if is_deployed() else on_the_emulator)


def is_deployed() -> bool:
    """Whether this runs in Lambda."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def came_to(event: Event, outcome: Literal["kept", "to be moved"]) -> Visit:
    """The visit, with what came of it."""
    return event.state(Visit).model_copy(update={"outcome": outcome})
