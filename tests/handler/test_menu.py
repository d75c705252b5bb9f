"""A menu: options, silence and wrong keys, attempts, giving up."""

import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from offhook.actions import (
    CallAndBridge,
    Hangup,
    PlayAudio,
    PlayAudioAndGetDigits,
    Response,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.config import load
from offhook.emulator.testing import Phone
from offhook.handler import (
    ActionSuccessful,
    CallUpdateRequested,
    Chosen,
    Event,
    Menu,
    NewInboundCall,
    Reply,
    RouteClash,
    Router,
    events,
    hang_up_everybody,
    on,
    transfer,
)

PRESS_1 = "Press 1."
NOTHING = "I did not hear anything."
NO_SUCH_CHOICE = "There is no such choice."


@pytest.fixture(params=[1, 2], ids=["told once", "told twice"])
def phone(request: pytest.FixtureRequest) -> Iterator[Callable[[Router], Phone]]:
    """A phone that a router answers: `phone(router).dials()`."""
    with ExitStack() as phones:
        yield lambda router: phones.enter_context(Phone(router, deliveries=request.param))


def asked(*menus: Menu) -> Callable[[Router], Router]:
    """Make a router ask these menus when somebody calls, one after another."""

    def ask(router: Router) -> Router:
        router.new_inbound_call()(lambda _event: [menu.ask for menu in menus])
        return router

    return ask


def says(text: str) -> Callable[[Event], Reply]:
    """A handler that says something and hangs up."""
    return lambda _event: [Speak(text=text), Hangup()]


# --- options


def test_an_option_is_chosen_by_its_key(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, PRESS_1)
    menu.option("1")(says("One."))
    menu.option("2")(says("Two."))
    call = phone(asked(menu)(router)).dials()
    call.interrupts("2", during=PRESS_1)
    call.hears("Two.")
    call.ends()


def test_an_option_may_have_several_digits(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, "Your department, please.", longest_option=3)
    menu.option("1")(says("One."))
    menu.option("112")(says("Emergency."))
    asked(menu)(router)
    short = phone(router).dials()
    short.interrupts("1")
    short.hears("One.")  # two seconds after the key
    short.ends()
    assert short.ladder.entries[-1].time > 2
    long = phone(router).dials()
    long.interrupts("112")
    long.hears("Emergency.")
    long.ends()
    hasty = phone(router).dials()
    hasty.interrupts("1#")
    hasty.hears("One.")
    hasty.ends()


def test_a_star_is_a_key_of_an_option(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, longest_option=2)
    menu.option("*")(says("Star."))
    menu.option("*1")(says("Star one."))
    asked(menu)(router)
    for keys, words in (("*", "Star."), ("*1", "Star one.")):
        call = phone(router).dials()
        call.interrupts(keys)
        call.hears(words)
        call.ends()


def test_the_event_of_an_option_has_the_digits(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, PRESS_1)

    def repeat(event: Chosen) -> Reply:
        return [Speak(text=f"You pressed {event.result.received_digits}."), Hangup()]

    menu.option("1")(repeat)
    call = phone(asked(menu)(router)).dials()
    call.interrupts("1")
    call.hears("You pressed 1.")
    call.ends()


@pytest.mark.parametrize("digits", ["", "#", "1#", "12", "a", " "])
def test_what_cannot_be_pressed_is_no_option(digits: str) -> None:
    menu = Menu(Router(), PRESS_1)
    with pytest.raises(ValueError, match="of 0-9 and"):
        menu.option(digits)


def test_an_option_is_registered_once() -> None:
    menu = Menu(Router(), PRESS_1)
    menu.option("1")(says("One."))
    with pytest.raises(RouteClash, match=r"digits='1'"):
        menu.option("1")(says("Also one."))


# --- silence, wrong keys, giving up


def test_silence_and_wrong_keys_are_told_apart(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, no_input="Hello?", invalid_input="No.", attempts=4)
    menu.gives_up()(says("Goodbye."))
    menu.option("1")(says("One."))
    call = phone(asked(menu)(router)).dials()
    call.hears(PRESS_1)
    call.hears("Hello?")
    call.interrupts("2", during=PRESS_1)
    call.hears("No.")
    call.hears(PRESS_1)
    call.hears("Hello?")
    call.interrupts("#", during=PRESS_1)
    call.hears("Hello?")
    call.hears("Goodbye.")
    call.ends()


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_attempts_are_counted_in_all(phone: Callable[[Router], Phone], attempts: int) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, attempts=attempts)
    menu.gives_up()(says("Goodbye."))
    call = phone(asked(menu)(router)).dials()
    for _attempt in range(attempts):
        call.hears(PRESS_1)
        call.hears(NOTHING)
    call.hears("Goodbye.")
    call.ends()


def test_giving_up_hangs_up_unless_it_is_said_otherwise(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    call = phone(asked(Menu(router, PRESS_1, attempts=1))(router)).dials()
    call.hears(PRESS_1)
    call.hears(NOTHING)
    call.ends()
    assert call.replies[1] == {
        "SchemaVersion": "1.0",
        "Actions": [Hangup().to_wire()],
    }


def test_what_giving_up_does_is_said_once() -> None:
    menu = Menu(Router(), PRESS_1)
    menu.gives_up()(says("Goodbye."))
    with pytest.raises(RouteClash, match="gives up"):
        menu.gives_up()(says("So long."))


def test_each_asking_has_all_its_attempts(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, attempts=2)
    menu.gives_up()(says("Goodbye."))

    def again(event: Chosen) -> Reply:
        return [Speak(text="Once more."), menu.ask]

    menu.option("1")(again)
    call = phone(asked(menu)(router)).dials()
    for _asking in range(3):
        call.hears(PRESS_1)
        call.hears(NOTHING)
        call.interrupts("1", during=PRESS_1)
        call.hears("Once more.")
    for _attempt in range(2):
        call.hears(PRESS_1)
        call.hears(NOTHING)
    call.hears("Goodbye.")
    call.ends()


def test_attempts_count_whatever_else_happens_in_between(
    phone: Callable[[Router], Phone],
) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, attempts=3)
    menu.gives_up()(says("Goodbye."))

    def nothing(event: CallUpdateRequested) -> Reply:
        return Response(attributes={})

    router.call_update_requested()(nothing)
    call = phone(asked(menu)(router)).dials()
    for _attempt in range(3):
        call.hears(PRESS_1)
        call.updates(note="somebody looks at the call")
        call.hears(NOTHING)
    call.hears("Goodbye.")
    call.ends()


def test_somebody_who_hangs_up_has_not_given_up(
    phone: Callable[[Router], Phone], caplog: pytest.LogCaptureFixture
) -> None:
    router, gave_up = Router(), list[Event]()
    menu = Menu(router, PRESS_1, attempts=1)

    def note(event: Event) -> Reply:
        gave_up.append(event)
        return None

    menu.gives_up()(note)
    call = phone(asked(menu)(router)).dials()
    call.hears(PRESS_1)
    call.hangs_up()
    call.ends()
    assert gave_up == []
    assert "ACTION_FAILED" in call.ladder.render()
    assert "ignores actions" not in caplog.text


def test_a_menu_that_cannot_be_asked_is_not_asked_again(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    somebody = phone(asked(Menu(router, PRESS_1))(router))
    somebody.fails("SpeakAndGetDigits", "SystemException")
    call = somebody.dials()
    call.hears("We are sorry, something went wrong.")
    call.ends()


# --- together with others


def test_attributes_of_others_are_kept(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, PRESS_1)
    menu.option("1")(says("One."))

    @router.new_inbound_call()
    def welcome(event: NewInboundCall) -> Reply:
        return Response(menu.ask, attributes={"customer": "7"})

    call = phone(router).dials()
    call.hears(PRESS_1)
    call.hears(NOTHING)
    call.interrupts("2", during=PRESS_1)
    call.hears(NO_SUCH_CHOICE)
    assert call.attributes == {"customer": "7"}
    call.interrupts("1", during=PRESS_1)
    call.hears("One.")
    call.ends()
    assert call.attributes == {"customer": "7"}


def test_two_menus_on_one_router_know_their_own(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    colour = Menu(router, "For red, press 1.", attempts=2)
    size = Menu(router, "For large, press 1.", attempts=2)
    colour.option("1")(lambda _event: [Speak(text="Red."), size.ask])
    colour.gives_up()(lambda _event: size.ask)
    size.option("1")(says("Large."))
    size.gives_up()(says("Goodbye."))
    asked(colour)(router)
    call = phone(router).dials()
    call.hears("For red")
    call.hears(NOTHING)
    call.interrupts("1", during="For red")
    call.hears("Red.")
    call.hears("For large")
    call.hears(NOTHING)
    call.interrupts("1", during="For large")
    call.hears("Large.")
    call.ends()
    silent = phone(router).dials()
    for prompt in ("For red", "For red", "For large", "For large"):
        silent.hears(prompt)
        silent.hears(NOTHING)
    silent.hears("Goodbye.")
    silent.ends()


def test_one_menu_after_another_in_a_list(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    first, second = Menu(router, "For red, press 1."), Menu(router, "For large, press 1.")
    first.option("1")(lambda _event: None)  # the list goes on
    second.option("1")(says("Large."))
    call = phone(asked(first, second)(router)).dials()
    call.interrupts("1", during="For red")
    call.interrupts("1", during="For large")
    call.hears("Large.")
    call.ends()


def test_two_menus_that_say_the_same_are_refused() -> None:
    router = Router()
    Menu(router, PRESS_1)
    with pytest.raises(RouteClash, match="SpeakAndGetDigits"):
        Menu(router, PRESS_1)


def test_an_option_comes_before_its_router_is_included() -> None:
    part = Router()
    menu = Menu(part, PRESS_1)
    Router().include(part)
    with pytest.raises(RouteClash, match="included"):
        menu.option("1")(says("One."))


def test_a_menu_can_be_asked_on_the_other_leg(phone: Callable[[Router], Phone]) -> None:
    router = Router()
    menu = Menu(router, "To take the call, press 1.")
    menu.option("1")(lambda event: on(event.leg_a, Speak(text="They are coming.")))

    @router.new_inbound_call()
    def ring(event: NewInboundCall) -> Reply:
        return [Speak(text="One moment."), *transfer(event, "+15550100300")]

    @router.action_successful(CallAndBridge)
    def whisper(event: ActionSuccessful[CallAndBridge]) -> Reply:
        assert event.leg_b is not None
        return on(event.leg_b, menu.ask)

    @router.hangup()
    def over(event: events.Hangup) -> Reply:
        return hang_up_everybody(event)

    somebody = phone(router)
    colleague = somebody.person("+15550100300")
    call = somebody.dials()
    call.hears("One moment.")
    colleague.answers()
    colleague.hears("To take the call")
    colleague.hears(NOTHING)  # asked again on the same leg
    colleague.interrupts("1", during="To take the call")
    call.hears("They are coming.")
    call.hangs_up()
    call.ends()


# --- how it sounds


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Callable[[Router], Phone]]:
    """A phone with one wav: `ask.wav`, two seconds long."""
    with wave.open(str(tmp_path / "ask.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(2 * 2 * 8000))
    with ExitStack() as phones:
        desk = load().model_copy(update={"prompts": tmp_path})
        yield lambda router: phones.enter_context(Phone(router, desk=desk))


def test_a_menu_may_be_played(played: Callable[[Router], Phone]) -> None:
    router, ask = Router(), PlayAudio(audio_source="ask.wav")
    menu = Menu(router, ask, no_input=ask, invalid_input=ask, attempts=3)
    menu.option("1")(says("One."))
    assert isinstance(menu.ask, PlayAudioAndGetDigits)
    call = played(asked(menu)(router)).dials()
    call.hears("ask.wav")
    call.hears("ask.wav")  # no input
    call.interrupts("2", during="ask.wav")
    call.hears("ask.wav")  # invalid input
    call.interrupts("1", during="ask.wav")
    call.hears("One.")
    call.ends()


def test_a_menu_speaks_or_plays_but_not_both() -> None:
    with pytest.raises(ValueError, match="of the same kind"):
        Menu(Router(), PlayAudio(audio_source="ask.wav"))
    with pytest.raises(ValueError, match="of the same kind"):
        Menu(Router(), PRESS_1, no_input=PlayAudio(audio_source="ask.wav"))


def test_all_texts_are_in_the_voice_of_the_prompt() -> None:
    prompt = Speak(
        text="<speak>Press 1.</speak>",
        text_type="ssml",
        voice_id="Raveena",
        engine="neural",
        language_code="en-IN",
    )
    menu = Menu(Router(), prompt)
    ask = menu.ask
    assert isinstance(ask, SpeakAndGetDigits)
    assert (ask.text_type, ask.voice_id, ask.engine) == ("ssml", "Raveena", "neural")
    assert (ask.failure_text_type, ask.failure_voice_id) == ("text", "Raveena")
    assert (ask.language_code, ask.failure_language_code) == ("en-IN", "en-IN")
    assert menu.invalid_input == prompt.model_copy(
        update={"text": NO_SUCH_CHOICE, "text_type": "text"}
    )


def test_each_text_may_have_its_own_voice() -> None:
    menu = Menu(Router(), PRESS_1, no_input=Speak(text="Hm?", voice_id="Matthew", engine="neural"))
    ask = menu.ask
    assert isinstance(ask, SpeakAndGetDigits)
    assert (ask.voice_id, ask.failure_voice_id) == ("Joanna", "Matthew")
    assert (ask.engine, ask.failure_engine) == ("standard", "neural")


@pytest.mark.parametrize(
    "prompt",
    [
        Speak(text=PRESS_1, participant_tag="LEG-B"),
        PlayAudio(audio_source="ask.wav", repeat=2),
        PlayAudio(audio_source="ask.wav", playback_terminators="#"),
    ],
    ids=["leg", "repeat", "terminators"],
)
def test_what_a_menu_would_not_do_is_refused(prompt: Speak | PlayAudio) -> None:
    with pytest.raises(ValueError, match="leave out"):
        Menu(Router(), prompt, no_input=prompt)


@pytest.mark.parametrize("seconds", [0.5, 3, 20])
def test_the_first_digit_is_awaited_as_long_as_it_says(
    phone: Callable[[Router], Phone], seconds: float
) -> None:
    router = Router()
    menu = Menu(router, "one two three four five six seven eight nine ten eleven", seconds=seconds)
    call = phone(asked(menu)(router)).dials()
    call.hears("one two three")
    call.hears(NOTHING)
    call.hangs_up()
    call.ends()
    silence = next(one.time for one in call.ladder.entries if NOTHING in one.text)
    assert silence == 4 + seconds


@pytest.mark.parametrize(
    "make",
    [
        lambda: Menu(Router(), PRESS_1, attempts=0),
        lambda: Menu(Router(), PRESS_1, seconds=0),
        lambda: Menu(Router(), PRESS_1, seconds_between_digits=-1),
        lambda: Menu(Router(), PRESS_1, longest_option=0),
    ],
    ids=["attempts", "seconds", "seconds between digits", "longest option"],
)
def test_a_menu_without_an_attempt_a_digit_or_time_is_refused(make: Callable[[], Menu]) -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        make()
