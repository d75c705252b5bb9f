"""What is asked of the trigger: the limits of the two APIs, and clear refusals."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from offhook.handler import arguments_of
from offhook.handler.arguments import key_of, read_arguments, with_key
from offhook.handler.calling.requests import (
    AskCall,
    CancelCall,
    RedirectCall,
    StartCall,
    make,
    read_request,
)
from offhook.handler.errors import RequestInvalid
from tests.handler.calling.conftest import OURS, THEIRS

START = {"operation": "start", "key": "a-1", "to_phone_number": THEIRS, "from_phone_number": OURS}
KEYS = st.from_regex(r"[A-Za-z0-9._:=@+-]{1,128}", fullmatch=True)


class Reminder(BaseModel):
    """What a flow is told."""

    name: str
    attempts: int = 1


def test_a_message_is_read_as_it_is_written() -> None:
    request = read_request(json.dumps(START | {"arguments_map": {"name": "Ada"}}))
    assert request == make(
        StartCall,
        {
            "key": "a-1",
            "to_phone_number": THEIRS,
            "from_phone_number": OURS,
            "arguments_map": {"name": "Ada"},
        },
    )
    assert read_request({"operation": "cancel", "key": "a-1"}) == CancelCall(key="a-1")
    assert read_request({"operation": "outcome", "key": "a-1"}) == AskCall(key="a-1")
    assert read_request({"operation": "redirect", "key": "a-1", "arguments": {}}) == RedirectCall(
        key="a-1", arguments={}
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"operation": "call"}, "operation"),
        ({"operation": None}, "operation"),
        ({"key": ""}, "key: 1 to 128 letters"),
        ({"key": "a b"}, "key: "),
        ({"key": "a" * 129}, "key: "),
        ({"to_phone_number": "15550100199"}, "to_phone_number: .*E.164"),
        ({"to_phone_number": "+1 555 0100199"}, "to_phone_number: .*E.164"),
        ({"from_phone_number": "anonymous"}, "from_phone_number: .*E.164"),
        ({"arguments_map": {"a": "1\r\nX-Evil: 1"}}, "'a' holds a line break"),
        ({"arguments_map": {"a\x00": "1"}}, "control character"),
        ({"arguments_map": {"a": 1}}, "arguments_map.a: "),
        ({"arguments_map": {str(n): "" for n in range(20)}}, "the service takes 20"),
        ({"sip_headers": {"X-A": "1\r\nContact: evil"}}, "control character"),
        ({"sip_headers": {"Host": "evil"}}, "SIP header Host is not allowed"),
        ({"sip_headers": {"X-AMZN-A": "1"}}, "reserved"),
        ({"sip_headers": {f"X-{n}": "" for n in range(21)}}, "sip_headers: .*20"),
        ({"sip_media_application_id": " "}, "sip_media_application_id: "),
        ({"priority": 1}, "priority: there is no such field"),
        ({f'{{"to_phone_number": "{THEIRS}"}}': ""}, "a field: "),  # a form, sent by mistake
    ],
)
def test_a_wrong_request_is_refused_field_by_field(change: dict[str, object], why: str) -> None:
    with pytest.raises(RequestInvalid, match=why) as caught:
        read_request(START | change)
    assert THEIRS not in str(caught.value)
    assert OURS not in str(caught.value)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"start"', "1", "{}", b"\xff", None, 7])
def test_what_is_no_request_is_refused(body: object) -> None:
    with pytest.raises(RequestInvalid):
        read_request(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
    )
)
def test_nonsense_never_gets_through(body: object) -> None:
    with pytest.raises(RequestInvalid):
        read_request(body)


@given(st.text(), st.text())
def test_no_control_character_reaches_the_service(name: str, value: str) -> None:
    try:
        request = RedirectCall(key="a", arguments={name: value})
    except ValidationError:
        return
    said = "".join((*request.arguments.keys(), *request.arguments.values()))
    assert all(ord(character) >= 32 and ord(character) != 127 for character in said)


def test_nineteen_arguments_and_ours_are_twenty() -> None:
    arguments = {str(number): "" for number in range(19)}
    assert len(with_key(RedirectCall(key="a", arguments=arguments).arguments, "a")) == 20


def test_a_model_of_yours_is_sent_as_it_is_read() -> None:
    request = make(RedirectCall, {"key": "a", "arguments": Reminder(name="Ada")})
    assert request.arguments == arguments_of(Reminder(name="Ada"))


@given(KEYS, st.text(min_size=1, alphabet="abc "))
def test_the_key_rides_along_and_the_model_is_still_known(key: str, name: str) -> None:
    for sent in (arguments_of(Reminder(name=name)), {"name": name}):
        carried = with_key(sent, key)
        assert key_of(carried) == key
        assert read_arguments(Reminder, carried) == Reminder(name=name)
        assert with_key(carried, "other")["offhook"].endswith(" other")


def test_a_call_without_a_key_has_none() -> None:
    assert key_of({}) == ""
    assert key_of(arguments_of(Reminder(name="Ada"))) == ""


def test_the_same_call_has_the_same_fingerprint_whatever_its_key() -> None:
    def of(**change: object) -> str:
        fields = {key: value for key, value in START.items() if key != "operation"}
        return make(StartCall, {**fields, **change}).fingerprint

    same = of()
    assert of(key="b-1") == same
    assert of(time_zone="Europe/Berlin") == same
    for change in (
        {"to_phone_number": "+15550100198"},
        {"from_phone_number": "+15550100103"},
        {"arguments_map": {"a": "1"}},
        {"sip_headers": {"X-A": "1"}},
        {"sip_media_application_id": "another"},
    ):
        assert of(**change) != same
