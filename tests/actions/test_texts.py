"""What a text may be: speech, digits, numbers, keys, patterns, headers, ARNs."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import (
    Action,
    CallAndBridge,
    Hangup,
    ModifyChimeMeetingAttendees,
    PlayAudio,
    ReceiveDigits,
    RecordAudio,
    SendDigits,
    Speak,
    SpeakAndGetDigits,
    StartBotConversation,
)

LEG = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
ARN = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"
CONNECTOR = "arn:aws:chime:us-east-1:123456789012:vc/ab1cdefghij2klmno3pqr4"

ARABIC_ONE = "\u0661"
"""A digit of Unicode, and none of a telephone."""


def speaking(text: str) -> Action[object]:
    """Speech that is only a text."""
    return Speak(text=text)


def asking(text: str) -> Action[object]:
    """A question."""
    return SpeakAndGetDigits(text=text, failure_text="?", repeat_duration_in_milliseconds=1)


def asking_again(text: str) -> Action[object]:
    """What is said after a failed attempt."""
    return SpeakAndGetDigits(text="?", failure_text=text, repeat_duration_in_milliseconds=1)


@pytest.mark.parametrize("say", [speaking, asking, asking_again])
@pytest.mark.parametrize("text", ["x", "x" * 1000, "é" * 999, "<speak>Hi</speak>"], ids=len)
def test_speech_has_1_to_1000_characters(say: Callable[[str], Action[object]], text: str) -> None:
    assert say(text).to_wire()


@pytest.mark.parametrize("say", [speaking, asking, asking_again])
@pytest.mark.parametrize("text", ["", "x" * 1001], ids=len)
def test_no_speech_or_more_is_refused(say: Callable[[str], Action[object]], text: str) -> None:
    with pytest.raises(ValidationError, match="text"):
        say(text)


@given(digits=st.text(alphabet="0123456789*#ABCD,", min_size=1, max_size=50))
def test_digits_are_up_to_50_keys_and_commas(digits: str) -> None:
    assert SendDigits(call_id=LEG, digits=digits).digits == digits


@pytest.mark.parametrize(
    "digits", ["", "1" * 51, "E", "a", "1 2", "+1", "1\n", ARABIC_ONE], ids=ascii
)
def test_anything_else_is_no_digit(digits: str) -> None:
    with pytest.raises(ValidationError, match="and the comma, half a second's pause"):
        SendDigits(call_id=LEG, digits=digits)


def test_a_sip_address_is_told_how_it_is_reached() -> None:
    with pytest.raises(ValidationError, match="with the arn of a Voice Connector"):
        CallAndBridge(caller_id_number="+15550100100", uri="sip:ben@example.com")


@given(st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True))
def test_a_phone_number_is_e164(number: str) -> None:
    bridge = CallAndBridge(caller_id_number=number, uri=number)
    assert bridge.to_wire()["Parameters"] == {
        "CallerIdNumber": number,
        "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": number}],
    }


NO_NUMBERS = [
    *("", "+", "+1", "15550100300", "+05550100300", "+1 555 010 0300", "+1-555-0100"),
    *("+1555010030012345", "tel:+15550100300", "+15550100300\n", f"+1555{ARABIC_ONE}"),
]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=ascii)
def test_anything_else_is_no_phone_number(number: str) -> None:
    with pytest.raises(ValidationError, match="caller_id_number"):
        CallAndBridge(caller_id_number=number, uri="+15550100300")
    with pytest.raises(ValidationError, match="uri"):
        CallAndBridge(caller_id_number="+15550100100", uri=number)


@given(st.text(alphabet="0123456789#*", max_size=12))
def test_terminators_are_keys_of_a_telephone(keys: str) -> None:
    played = PlayAudio(audio_source="s3://prompts/a.wav", playback_terminators=keys)
    assert played.playback_terminators == tuple(keys)
    assert played.to_wire()["Parameters"] == {
        "AudioSource": {"Type": "S3", "BucketName": "prompts", "Key": "a.wav"},
        "PlaybackTerminators": list(keys),
    }


@pytest.mark.parametrize(
    "keys", ["A", "12a", [""], ["12"], ["#", "+"], "1,2", [1], {"1": 1}, 5], ids=repr
)
def test_anything_else_is_no_key(keys: object) -> None:
    with pytest.raises(ValidationError, match="playback_terminators"):
        PlayAudio.model_validate(
            {"audio_source": "s3://prompts/a.wav", "playback_terminators": keys}
        )
    with pytest.raises(ValidationError, match="recording_terminators"):
        RecordAudio.model_validate(
            {"recording_destination": "s3://recordings", "recording_terminators": keys}
        )


REGEXES = [
    *(r"^\d{2}#$", r"^[12]$", r"[5-7]", r"^\*\d{1}$", r"[0-1]$", r"^([0-9]|#|\*)$"),
    r"^(?!1900)1[0-9]{10}$",
]


@pytest.mark.parametrize("regex", REGEXES)
def test_the_expressions_of_the_samples_are_taken(regex: str) -> None:
    listening = ReceiveDigits(
        input_digits_regex=regex,
        in_between_digits_duration_in_milliseconds=1000,
        flush_digits_duration_in_milliseconds=10_000,
    )
    assert listening.input_digits_regex == regex


@pytest.mark.parametrize("regex", ["", "[", "(", "*", "a{2,1}", "(?<x>)"])
def test_what_is_no_regular_expression_is_refused(regex: str) -> None:
    with pytest.raises(ValidationError, match="input_digits_regex"):
        ReceiveDigits(
            input_digits_regex=regex,
            in_between_digits_duration_in_milliseconds=1000,
            flush_digits_duration_in_milliseconds=10_000,
        )


@pytest.mark.parametrize("code", [0, 480, 486, 200, 100, 603, 999])
def test_a_hangup_has_no_code_or_one_of_three_digits(code: int) -> None:
    parameters = Hangup(sip_response_code=code).to_wire()["Parameters"]
    assert parameters == {"SipResponseCode": str(code)}


@pytest.mark.parametrize("code", [-1, 1, 99, 1000, 48])
def test_anything_else_is_no_sip_response_code(code: int) -> None:
    with pytest.raises(ValidationError, match="is not a SIP response code"):
        Hangup(sip_response_code=code)


def bridge_with(name: str, value: str = "42") -> CallAndBridge:
    """A bridge with one SIP header."""
    return CallAndBridge(
        caller_id_number="+15550100100", uri="+15550100300", sip_headers={name: value}
    )


@pytest.mark.parametrize(
    "name", ["X-Account-Id", "x-a", "X-CHIME-JOIN-TOKEN", "User-to-User", "DIVERSION"]
)
def test_headers_are_x_or_user_to_user_or_diversion(name: str) -> None:
    assert bridge_with(name).sip_headers == {name: "42"}


@pytest.mark.parametrize(
    "name",
    [
        *("X-AMZN", "x-amzn-trace", "X-Vine-1", "x-vc", "X-Canary", "x-voice-id"),
        *("X-", "Subject", "P-Asserted-Identity", "", "X-A:B", "X-A B", "X-A\r\nTo"),
    ],
    ids=ascii,
)
def test_other_headers_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="SIP header"):
        bridge_with(name)


def test_a_header_has_up_to_2048_characters() -> None:
    name = "X-Account-Id"
    longest = "x" * (2048 - len(name))
    assert bridge_with(name, longest).sip_headers == {name: longest}
    with pytest.raises(ValidationError, match="longer than 2,048 characters"):
        bridge_with(name, "x" * (2049 - len(name)))
    with pytest.raises(ValidationError, match="control character"):
        bridge_with(name, "42\r\nTo: somebody")


@pytest.mark.parametrize("count", [1, 100])
def test_1_to_100_attendees_are_muted_at_once(count: int) -> None:
    muted = ModifyChimeMeetingAttendees(
        operation="Mute", meeting_id="m", attendee_list=("a",) * count
    )
    assert muted.attendee_list == ("a",) * count


@pytest.mark.parametrize("count", [0, 101])
def test_no_attendee_or_more_are_refused(count: int) -> None:
    with pytest.raises(ValidationError, match="attendee_list"):
        ModifyChimeMeetingAttendees(operation="Mute", meeting_id="m", attendee_list=("a",) * count)


def test_attendees_may_be_a_list() -> None:
    muted = ModifyChimeMeetingAttendees.model_validate(
        {"operation": "Mute", "meeting_id": "m", "attendee_list": ["a", "b"]}
    )
    assert muted.attendee_list == ("a", "b")


CODES = [
    *("en-US", "en-GB-WLS", "cmn-CN", "arb", "yue-CN", "es-MX", "de-AT", "ar-AE", "nb-NO"),
]


@pytest.mark.parametrize("code", CODES)
def test_the_language_codes_of_polly_are_taken(code: str) -> None:
    assert Speak(text="x", language_code=code).language_code == code


@pytest.mark.parametrize("code", ["", "English", "en_US", "EN-US", "en-us", "en-US-"])
def test_other_language_codes_are_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="language_code"):
        Speak(text="x", language_code=code)


@pytest.mark.parametrize("voice", ["", "Joanna2", "Jo anna", "Léa"])
def test_a_voice_is_a_name_in_plain_letters(voice: str) -> None:
    assert Speak(text="x", voice_id="Amy").voice_id == "Amy"
    with pytest.raises(ValidationError, match="voice_id"):
        Speak(text="x", voice_id=voice)


@pytest.mark.parametrize("locale", ["en_US", "es_419", "de_DE", "zh_CN"])
def test_a_locale_is_one_of_lex(locale: str) -> None:
    assert StartBotConversation(bot_alias_arn=ARN, locale_id=locale).locale_id == locale


@pytest.mark.parametrize("locale", ["", "en-US", "en", "EN_us"])
def test_anything_else_is_no_locale(locale: str) -> None:
    with pytest.raises(ValidationError, match="locale_id"):
        StartBotConversation(bot_alias_arn=ARN, locale_id=locale)


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "TSTALIASID",
        ARN.replace("lex", "chime"),
        ARN.replace("123456789012", "12345"),
        ARN.removesuffix("/TSTALIASID"),
        ARN + "/more",
    ],
)
def test_a_bot_is_named_by_the_arn_of_its_alias(arn: str) -> None:
    with pytest.raises(ValidationError, match="bot_alias_arn"):
        StartBotConversation(bot_alias_arn=arn)


@given(st.text("abcxyzABCXYZ0189&=+$/%-_!~*().", min_size=1, max_size=36))
def test_a_user_behind_a_voice_connector_has_1_to_36_characters(user: str) -> None:
    bridge = CallAndBridge(
        caller_id_number="+15550100100", bridge_endpoint_type="AWS", uri=user, arn=CONNECTOR
    )
    assert bridge.uri == user


@pytest.mark.parametrize("user", ["", "x" * 37, "sip:5550", "55 50", "5550@host", "é"])
def test_anything_else_is_no_user(user: str) -> None:
    with pytest.raises(ValidationError, match="uri"):
        CallAndBridge(
            caller_id_number="+15550100100", bridge_endpoint_type="AWS", uri=user, arn=CONNECTOR
        )
