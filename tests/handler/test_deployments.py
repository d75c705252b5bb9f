"""What one version asked, another answers: by the names of the functions that waited.

About `offhook.handler.asked`.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from offhook.actions import (
    Hangup,
    PlayAudio,
    PlayAudioAndGetDigits,
    ReceiveDigits,
    Response,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.testing import Phone, PhoneCall
from offhook.handler import ActionSuccessful, Event, Menu, NewInboundCall, Reply, Router
from offhook.handler.conditions import Words
from offhook.handler.fallbacks import Answer
from tests.handler.answers import heard, saying
from tests.handler.menus import says
from tests.handler.payloads import NAMES, Payload, data, details, parameters, payload

SORRY = "something went wrong"
Version: TypeAlias = Callable[[str], Router]


def asking(words: str, regex: str = "^[12]$", attempts: int = 1) -> SpeakAndGetDigits:
    """A question; those of the same expression collect the same."""
    return SpeakAndGetDigits(
        text=words,
        failure_text="Sorry?",
        input_digits_regex=regex,
        max_number_of_digits=1,
        repeat=attempts,
        repeat_duration_in_milliseconds=3_000,
    )


def of_lambdas(words: str) -> Router:
    """Two questions that collect the same, one after the other."""
    router = Router()
    size, colour = asking(f"{words} the size."), asking(f"{words} the colour.")
    router.new_inbound_call()(lambda _event: size)
    router.action_successful(size)(lambda _event: [Speak(text="Size."), colour])
    router.action_successful(colour)(lambda _event: [Speak(text="Colour."), Hangup()])
    return router


def of_functions(words: str) -> Router:
    """The same; the second version has them in the opposite order, and edits all of them."""
    router = Router()
    is_new = words != "Please press"
    regex, attempts = ("^[1-9]$", 2) if is_new else ("^[12]$", 1)
    size = asking(f"{words} how large.", regex, attempts)
    colour = asking(f"{words} which colour.", regex, attempts)

    def first(event: NewInboundCall) -> Reply:
        return size

    def how_large(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
        return [Speak(text="Size."), colour]

    def which_colour(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
        return [Speak(text="Colour."), Hangup()]

    router.new_inbound_call()(first)
    if is_new:
        router.action_successful(colour)(which_colour)
    router.action_successful(size)(how_large)
    if not is_new:
        router.action_successful(colour)(which_colour)
    return router


def of_menus(words: str) -> Router:
    """The same with menus, whose words and keys are others in the second version."""
    router = Router()
    key = "1" if words == "Please press" else "2"
    size, colour = Menu(router, f"{words} the size."), Menu(router, f"{words} the colour.")

    def how_large(event: Event) -> Reply:
        return [Speak(text="Size."), colour.ask]

    def which_colour(event: Event) -> Reply:
        return [Speak(text="Colour."), Hangup()]

    router.new_inbound_call()(lambda _event: size.ask)
    size.option(key)(how_large)
    colour.option(key)(which_colour)
    return router


@pytest.mark.parametrize("version", [of_lambdas, of_functions, of_menus])
@pytest.mark.parametrize("back", [False, True], ids=["deployed", "rolled back"])
def test_each_of_two_questions_is_answered_as_it_was_asked(version: Version, back: bool) -> None:
    words = ["Please press", "Kindly press"]
    old, new = map(version, reversed(words) if back else words)
    key = "2" if version is of_menus and back else "1"
    with Phone(old) as phone:
        call = phone.dials()
        call.interrupts(key, during="press")
        call.hears("Size.")
        call.waits(0.5)
        phone.deploys(new)
        call.presses(key)
        call.waits(0)
        assert "Colour." in call.ladder.render()
        call.settles()
    with Phone(old) as phone:
        call = phone.dials()
        call.waits(0.5)
        phone.deploys(new)
        call.interrupts(key, during="press")
        call.hears("Size.")


def reordered(one: Words, other: str) -> Router:
    """A menu whose keys are said: which key does what is for the version to say."""
    router = Router()
    menu = Menu(router, f"For the hours press {one}, to delete your order press {other}.")

    def hours(event: Event) -> Reply:
        return [Speak(text="We open at nine."), Hangup()]

    def delete(event: Event) -> Reply:
        return [Speak(text="Deleted."), Hangup()]

    router.new_inbound_call()(lambda _event: menu.ask)
    if one:
        menu.option(one)(hours)
    menu.option(other)(delete)
    return router


def pressed(old: Router, new: Router, key: str) -> PhoneCall:
    """A call of the old version, in which a key is pressed under the new one."""
    with Phone(old) as phone:
        call = phone.dials()
        call.waits(0.5)
        phone.deploys(new)
        call.interrupts(key, during="press")
        call.waits(3)
        return call


def test_a_key_does_what_was_said_when_it_was_offered() -> None:
    call = pressed(reordered("1", "2"), reordered("2", "1"), "1")
    assert "We open at nine." in call.ladder.render()


def test_a_key_whose_function_is_gone_does_nothing_else() -> None:
    call = pressed(reordered("1", "2"), reordered("", "1"), "1")
    assert "Deleted." not in call.ladder.render()
    assert "There is no such choice." in call.ladder.render()


def test_what_nobody_in_particular_waited_for_is_nobodys_in_particular_now() -> None:
    def version(words: str) -> Router:
        router = Router()
        menu = asking(f"{words} 1.")
        router.new_inbound_call()(lambda _event: asking("Press anything."))
        router.action_successful(SpeakAndGetDigits)(saying("any"))
        router.action_successful(menu)(saying("particular"))
        return router

    with Phone(version("Press")) as phone:
        call = phone.dials()
        call.waits(0.5)
        phone.deploys(version("Type"))
        call.presses("1")
        call.hears("Press anything.")
        call.hears("any")


def test_an_answer_that_comes_after_a_menu_was_sent_is_not_the_menus() -> None:
    router = Router()
    menu = asking("Press 1.")
    router.new_inbound_call()(lambda _event: asking("Press anything."))
    router.call_update_requested()(lambda _event: menu)
    router.action_successful(SpeakAndGetDigits)(says("Any."))
    router.action_successful(menu)(says("Of the menu."))
    with Phone(router) as phone:
        call = phone.dials()
        call.waits(0.5)
        call.updates(what="menu")
        call.presses("1")
        call.hears("Press anything.")
        call.hears("Any.")


def listening(words: str, key: str) -> Router:
    """A caller may press a key at any time, while music plays."""
    router = Router()
    keys = ReceiveDigits(
        input_digits_regex=f"^{key}$",
        in_between_digits_duration_in_milliseconds=300,
        flush_digits_duration_in_milliseconds=900,
    )
    music = PlayAudio(audio_source="hold-music.wav")

    def wait(event: Event) -> Reply:
        return [Speak(text=words), music]

    def leave(event: Event) -> Reply:
        return [Speak(text="Goodbye."), Hangup()]

    router.new_inbound_call()(lambda _event: [keys, Speak(text=words), music])
    router.action_successful(PlayAudio)(wait)
    router.digits_received(keys, digits=key)(leave)
    return router


def test_a_key_that_is_listened_for_is_known_long_after_it_was_asked_for() -> None:
    with Phone(listening("Wait.", "7")) as phone:
        call = phone.dials()
        call.waits(90)
        phone.deploys(listening("Please wait.", "8"))
        call.presses("7")
        call.settles()
        assert "Goodbye." in call.ladder.render()


# --- without memory


def without_memory(menu: SpeakAndGetDigits, **changed: object) -> Payload:
    """What a call brings that nothing is remembered of, as of an older handler."""
    event = payload("action_successful/speak_and_get_digits")
    data(event)["ReceivedDigits"] = "1"
    wire = menu.to_wire()["Parameters"]
    assert isinstance(wire, dict)
    parameters(event).clear()
    parameters(event).update({**wire, **changed})
    return event


def test_other_words_are_known_by_what_is_collected() -> None:
    menu, longer = asking("Press 1."), asking("Press 1.", "^[1-9]$")
    router = Router()
    router.action_successful(menu)(saying("menu"))
    router.action_successful(longer)(saying("longer"))
    assert heard(router, without_memory(asking("Old words."))) == "menu"
    assert heard(router, without_memory(asking("Old words.", "^[1-9]$"))) == "longer"
    assert SORRY in heard(router, without_memory(asking("Old words.", "^[3]$")))


def test_a_default_that_the_older_handler_sent_is_no_difference() -> None:
    router = Router()
    router.action_successful(asking("Press 1."))(saying("menu"))
    said = without_memory(asking("Old words."), MinNumberOfDigits=0, TerminatorDigits=["#"])
    assert heard(router, said) == "menu"
    said = without_memory(asking("Old words."), MinNumberOfDigits=2)
    assert SORRY in heard(router, said)


def test_words_decide_between_two_that_collect_the_same() -> None:
    one = asking("Press 1.").model_copy(update={"failure_text": "What?"})
    router = Router()
    router.action_successful(one)(saying("one"))
    router.action_successful(asking("Type 1."))(saying("other"))
    old = one.model_copy(update={"text": "Old words."})
    assert heard(router, without_memory(old)) == "one"
    unlike = old.model_copy(update={"failure_text": "Hm?"})
    assert SORRY in heard(router, without_memory(unlike))


@pytest.mark.parametrize(
    "memory",
    ["", "2;;;SpeakAndGetDigits x 0 say=", "1", "1;;;", "1;;;SpeakAndGetDigits x", "{}", 7, None],
)
def test_what_is_not_in_our_format_is_not_read(memory: object) -> None:
    router = Router()
    router.action_successful(asking("Press 1."))(saying("menu"))
    event = without_memory(asking("Old words."))
    details(event)["TransactionAttributes"] = {"offhook": memory}
    assert heard(router, event) == "menu"


WORDS = st.sampled_from(
    [*("1", "2", ";", " ", "=", "\n", "0", "-"), "SpeakAndGetDigits", "ReceiveDigits", "saying=1"]
)
EVENTS = [name for name in NAMES if name.startswith(("action_", "hangup/", "digits_", "call_"))]


@given(st.lists(WORDS, max_size=12), st.sampled_from(EVENTS))
@example([";;", " SpeakAndGetDigits"], "action_failed/speak_and_get_digits_invalid_digits")
def test_whatever_stands_in_the_attribute_nothing_fails(words: list[str], name: str) -> None:
    router = Router()
    failures: list[Exception] = []
    router.exception(Exception)(lambda _event, error: failures.append(error))
    router.action_successful(asking("Press 1."))(says("Menu."))
    event = payload(name)
    details(event)["TransactionAttributes"] = {"offhook": f"1;{''.join(words)}"}
    router(event)
    assert failures == []


# --- the attribute


def test_flows_do_not_see_the_attribute_of_ours() -> None:
    router = of_functions("Please press")
    seen: list[object] = []

    @router.around()
    def look(event: Event, answer: Answer) -> Reply:
        seen.append(event.transaction_attributes)
        return answer(event)

    with Phone(router) as phone:
        call = phone.dials()
        call.interrupts("1", during="press")
        call.hears("Size.")
        assert "offhook" in str(call.events[-1])
        assert seen == [{}, {}]
        assert call.attributes == {}


def test_attributes_that_a_flow_replaces_or_clears_leave_ours_alone() -> None:
    def version(words: str) -> Router:
        router = Router()
        menu = asking(words)
        router.new_inbound_call()(lambda _event: Response(menu, attributes={"one": "1"}))
        router.call_update_requested()(lambda _event: Response(attributes={}))
        router.action_successful(menu)(says("Thank you."))
        return router

    with Phone(version("Please press 1.")) as phone:
        call = phone.dials()
        call.waits(0)
        assert call.attributes == {"one": "1"}
        call.updates(what="clear")
        assert call.attributes == {}
        phone.deploys(version("Kindly press 1."))
        call.interrupts("1", during="press 1")
        call.hears("Thank you.")


def test_where_there_is_no_room_for_ours_the_call_goes_on_without() -> None:
    full = {f"key{n}": "x" for n in range(100)}
    router = Router()
    menu = asking("Press 1.")
    router.call_answered()(lambda _event: menu)
    router.action_successful(menu)(saying("menu"))
    event = payload("call_answered/minimal")
    details(event)["TransactionAttributes"] = full
    reply = router(event)
    (action,) = cast("list[dict[str, object]]", reply["Actions"])
    assert action["Type"] == "SpeakAndGetDigits"
    assert "TransactionAttributes" not in reply


def test_ours_counts_towards_what_a_flow_may_store() -> None:
    router = Router()
    menu = asking("Press 1.")
    router.call_answered()(
        lambda _event: Response(menu, attributes={f"key{n}": "x" for n in range(100)})
    )
    router.action_successful(menu)(saying("menu"))
    assert SORRY in heard(router, payload("call_answered/minimal"))


def test_an_action_that_is_waited_for_leaves_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router()
    asks = PlayAudioAndGetDigits(
        audio_source="menu.wav", failure_audio_source="no.wav", repeat_duration_in_milliseconds=5000
    )
    router.action_successful(asks)(lambda _event: None)
    router.call_answered()(lambda _event: [asks])
    for bucket in ("first-prompts", "second-prompts", "second-prompts"):
        monkeypatch.setenv("OFFHOOK_PROMPTS_BUCKET", bucket)
        (sent,) = cast("list[Any]", router(payload("call_answered/minimal"))["Actions"])
        assert sent["Parameters"]["AudioSource"]["BucketName"] == bucket
