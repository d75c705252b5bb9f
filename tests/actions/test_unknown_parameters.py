"""A parameter that AWS adds next year is neither lost nor a reason to fail."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from offhook.actions import Action, Speak, UnknownAction, action_class
from offhook.emulator.call.refused import refusal_of
from tests.actions.examples import ALL, Wire, minimal, parameters_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)

NEW = "AddedNextYear"


def objects_in(value: JsonValue) -> list[dict[str, JsonValue]]:
    """Every object of a value, itself included."""
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in objects_in(inner))]
    if isinstance(value, list):
        return [found for inner in value for found in objects_in(inner)]
    return []


def places() -> dict[str, tuple[Wire, int]]:
    """Every object in the parameters of every example, by a name."""
    found: dict[str, tuple[Wire, int]] = {}
    for name, wire in ALL.items():
        for index, place in enumerate(objects_in(wire["Parameters"])):
            if not holds_free_names(place):
                found[f"{name}: {', '.join(place) or 'nothing'}"] = (wire, index)
    return found


def holds_free_names(place: dict[str, JsonValue]) -> bool:
    """Whether the names in an object are the author's: SIP headers, session attributes."""
    return any(name.startswith(("X-", "x-")) for name in place)


PLACES = places()


@pytest.mark.parametrize(("wire", "index"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("value", ["x", {"a": [1, None]}, 0], ids=["text", "object", "zero"])
def test_an_unknown_parameter_is_kept_at_any_depth(
    wire: Wire, index: int, value: JsonValue
) -> None:
    newer = copy.deepcopy(wire)
    objects_in(newer["Parameters"])[index][NEW] = value
    action = Action.from_wire(newer)
    assert action.to_wire() == newer
    assert Action.from_wire(action.to_wire()) == action


def test_the_places_include_the_nested_ones() -> None:
    text = " ".join(PLACES)
    for words in (
        "SpeakAndGetDigits, full: Text, Engine",
        "CallAndBridge, full: BridgeEndpointType, Arn, Uri",
        "StartBotConversation, full: SessionState, WelcomeMessages",
        "StartBotConversation, full: Content, ContentType",
        "RecordAudio, full: Type, BucketName, Prefix",
    ):
        assert words in text


@given(unknown=st.dictionaries(st.text(min_size=1), JSON, max_size=4))
def test_any_unknown_parameters_are_kept(unknown: dict[str, JsonValue]) -> None:
    known = {"Text", "CallId", "ParticipantTag", "Engine", "LanguageCode", "TextType", "VoiceId"}
    kept = {
        name: value for name, value in unknown.items() if name not in known and value is not None
    }
    speak = Action.from_wire({"Type": "Speak", "Parameters": {**kept, "Text": "Hello."}})
    assert speak.to_wire() == {"Type": "Speak", "Parameters": {**kept, "Text": "Hello."}}


def test_what_was_read_does_not_change_with_what_it_was_read_from() -> None:
    later = [1]
    speak = Action.from_wire(minimal("Speak", Later={"a": later}))
    later.append(2)
    first = parameters_of(speak)
    assert first["Later"] == {"a": [1]}
    first["Later"] = None
    assert parameters_of(speak)["Later"] == {"a": [1]}


def test_a_snake_case_key_on_the_wire_is_not_the_parameter() -> None:
    with pytest.raises(ValidationError, match="text\n  Field required"):
        Speak.from_wire({"Type": "Speak", "Parameters": {"text": "Hello."}})
    speak = Speak.from_wire({"Type": "Speak", "Parameters": {"Text": "Hi.", "voice_id": "Amy"}})
    assert speak.voice_id == "Joanna"
    assert speak.to_wire()["Parameters"] == {"Text": "Hi.", "voice_id": "Amy"}


def test_the_constructor_takes_no_unknown_parameter() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Speak.model_validate({"text": "Hello.", "volume": 3})


def test_an_unknown_action_is_kept_as_it_came() -> None:
    wire = {"Type": "Dance", "Parameters": {"Steps": 3}}
    dance = Action.from_wire(wire)
    assert isinstance(dance, UnknownAction)
    assert dance.type == "Dance"
    assert dance.to_wire() == wire
    assert Action.from_wire(dance.to_wire()) == dance


@given(kind=JSON, parameters=JSON)
def test_an_action_of_any_type_is_read_or_refused(kind: JsonValue, parameters: JsonValue) -> None:
    try:
        action = Action.from_wire({"Type": kind, "Parameters": parameters})
    except ValueError:
        return
    assert isinstance(action, Action)


@st.composite
def faulty(draw: st.DrawFn) -> Wire:
    """An example with anything at all in one place."""
    wire = copy.deepcopy(draw(st.sampled_from(list(ALL.values()))))
    place = draw(st.sampled_from(objects_in(wire["Parameters"])))
    if place:
        place[draw(st.sampled_from(sorted(place)))] = draw(JSON)
    return wire


@given(wire=faulty())
def test_parameters_of_any_shape_are_read_or_refused(wire: Wire) -> None:
    kind = action_class(str(wire["Type"]))
    assert kind is not None
    refusal = None
    try:
        action = kind.from_wire(wire)
    except ValidationError as error:
        refusal = refusal_of(kind, error)
    else:
        assert Action.from_wire(action.to_wire()) == action
    assert refusal is None or refusal.error_type in kind.errors


@given(wire=faulty(), other=JSON)
def test_the_echo_of_any_parameters_is_read(wire: Wire, other: JsonValue) -> None:
    kind = action_class(str(wire["Type"]))
    assert kind is not None
    assert isinstance(kind.from_echo(wire["Parameters"]), kind)
    assert isinstance(kind.from_echo(other), kind)


def test_what_the_service_refused_is_in_the_echo_as_it_was_sent() -> None:
    echo = Speak.from_echo({"Text": 5, "VoiceId": "Amy"})
    assert repr(echo.text) == "5"
    assert echo.voice_id == "Amy"
    assert echo.engine == "standard"
