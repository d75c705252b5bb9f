"""What Polly refuses of a text, and what is said of a voice that it may not have.

About `offhook.emulator.call.polly`.
"""

import pytest

from offhook.actions.polly import LANGUAGE_CODES, VOICE_IDS
from offhook.emulator.call.polly import BILINGUAL, NEWS_VOICES, NOT_OF, TAGS, VOICES
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import AnsweredBy, error, in_turn

WHISPERED = '<amazon:effect name="whispered">Psst.</amazon:effect>'
NEWS = '<amazon:domain name="news">It rains.</amazon:domain>'


def spoken(answered_by: AnsweredBy, **parameters: str) -> PhoneCall:
    """A call that says something, sent as anybody may have written it."""
    call = answered_by(in_turn([{"Type": "Speak", "Parameters": parameters}])).dials()
    call.waits(5)
    return call


def in_ssml(answered_by: AnsweredBy, inside: str, **more: str) -> PhoneCall:
    return spoken(answered_by, Text=f"<speak>{inside}</speak>", TextType="ssml", **more)


def is_refused(call: PhoneCall) -> bool:
    if call.events[1]["InvocationEventType"] == "ACTION_SUCCESSFUL":
        return False
    assert error(call.events[1]) == ("InvalidActionParameter", "")
    return True


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("VoiceId", "Nova"), ("LanguageCode", "en-UK"), ("Engine", "steam"), ("VoiceId", "joanna")],
)
def test_what_polly_does_not_have_is_refused(
    answered_by: AnsweredBy, parameter: str, value: str
) -> None:
    call = spoken(answered_by, Text="Hello.", **{parameter: value})
    assert is_refused(call)
    assert f"{parameter} is '{value}'" in str(call)
    assert 'values_that_are_not_listed = "taken" takes' in str(call)


ONLY_STANDARD = [
    "<emphasis>now</emphasis>",
    WHISPERED,
    '<amazon:effect phonation="soft">now</amazon:effect>',
    '<amazon:effect vocal-tract-length="+15%">now</amazon:effect>',
    "<amazon:auto-breaths>now</amazon:auto-breaths>",
    '<prosody amazon:max-duration="2s">now</prosody>',
]


@pytest.mark.parametrize("tag", ONLY_STANDARD)
def test_a_tag_that_an_engine_does_not_have_is_refused(answered_by: AnsweredBy, tag: str) -> None:
    assert not is_refused(in_ssml(answered_by, tag))
    call = in_ssml(answered_by, tag, Engine="neural")
    assert is_refused(call)
    assert "is not for the engine neural: standard has it" in str(call)


@pytest.mark.parametrize(
    "tag",
    [
        '<prosody rate="slow" pitch="high">now</prosody>',
        '<say-as interpret-as="spell-out">now</say-as>',
        '<amazon:effect name="drc">now</amazon:effect>',
        '<lang xml:lang="fr-FR">maintenant</lang><break/><mark name="a"/><s>a</s><w>b</w>',
    ],
)
def test_a_tag_that_it_has_in_part_or_whole_is_taken(answered_by: AnsweredBy, tag: str) -> None:
    assert not is_refused(in_ssml(answered_by, tag, Engine="neural"))


@pytest.mark.parametrize("voice", NEWS_VOICES)
def test_some_neural_voices_read_news(answered_by: AnsweredBy, voice: str) -> None:
    assert not is_refused(in_ssml(answered_by, NEWS, Engine="neural", VoiceId=voice))


def test_no_other_voice_reads_news(answered_by: AnsweredBy) -> None:
    assert is_refused(in_ssml(answered_by, NEWS))
    call = in_ssml(answered_by, NEWS, Engine="neural", VoiceId="Kevin")
    assert is_refused(call)
    assert "Amy, Joanna, Lupe, Matthew do" in str(call)


def test_a_tag_of_somebody_elses_is_refused(answered_by: AnsweredBy) -> None:
    call = in_ssml(answered_by, '<audio src="a.mp3"/>')
    assert is_refused(call)
    assert "<audio> is no tag of Polly's" in str(call)


def test_a_failure_text_is_judged_with_its_own_engine(answered_by: AnsweredBy) -> None:
    sent = {
        "SpeechParameters": {"Text": "Your number?"},
        "FailureSpeechParameters": {
            "Text": f"<speak>{WHISPERED}</speak>",
            "TextType": "ssml",
            "Engine": "neural",
        },
        "RepeatDurationInMilliseconds": 1000,
    }
    call = answered_by(in_turn([{"Type": "SpeakAndGetDigits", "Parameters": sent}])).dials()
    call.waits(1)
    assert is_refused(call)


@pytest.mark.parametrize(
    ("engine", "voice", "failure", "refused"),
    [
        ("neural", "Joanna", WHISPERED, True),
        ("standard", "Joanna", WHISPERED, False),
        ("neural", "Kevin", NEWS, True),
        ("neural", "Joanna", NEWS, False),
    ],
)
def test_the_failure_text_has_what_the_prompt_has(
    answered_by: AnsweredBy, engine: str, voice: str, failure: str, refused: bool
) -> None:
    prompt = {"Text": "<speak>Your number?</speak>", "TextType": "ssml"}
    sent = {
        "SpeechParameters": {**prompt, "Engine": engine, "VoiceId": voice},
        "FailureSpeechParameters": {"Text": f"<speak>{failure}</speak>"},
        "RepeatDurationInMilliseconds": 1000,
    }
    call = answered_by(in_turn([{"Type": "SpeakAndGetDigits", "Parameters": sent}])).dials()
    call.waits(10)
    assert (error(call.events[1])[0] == "InvalidActionParameter") is refused
    assert (call.heard == 2) is not refused


def test_the_failure_text_is_said_as_the_prompt_is(answered_by: AnsweredBy) -> None:
    sent = {
        "SpeechParameters": {"Text": "Your number?", "VoiceId": "Aditi", "LanguageCode": "hi-IN"},
        "FailureSpeechParameters": {"Text": "Sorry?"},
        "RepeatDurationInMilliseconds": 1000,
    }
    call = answered_by(in_turn([{"Type": "SpeakAndGetDigits", "Parameters": sent}])).dials()
    call.hears("Your number?", voice="Aditi", language="hi-IN")
    call.hears("Sorry?", voice="Aditi", language="hi-IN")


@pytest.mark.parametrize(
    ("parameters", "advice"),
    [
        ({"VoiceId": "Matthew"}, "Matthew is no standard voice on Polly's page: Engine neural"),
        ({"VoiceId": "Ruth"}, "Ruth is no standard voice on Polly's page: Engine neural"),
        ({"VoiceId": "Raveena", "Engine": "neural"}, "Raveena is no neural voice on Polly's page"),
        ({"VoiceId": "Amy", "LanguageCode": "fr-FR"}, "Amy speaks en-GB on Polly's page"),
        ({"Engine": "generative"}, "dg/speak lists standard and neural alone"),
    ],
    ids=str,
)
def test_a_pair_that_the_page_does_not_have_is_advised_and_taken(
    answered_by: AnsweredBy, parameters: dict[str, str], advice: str
) -> None:
    call = spoken(answered_by, Text="Hello.", **parameters)
    assert not is_refused(call)
    assert advice in str(call)


@pytest.mark.parametrize(
    "parameters",
    [
        {"VoiceId": "Aditi", "LanguageCode": "hi-IN"},
        {"VoiceId": "Kajal", "Engine": "neural", "LanguageCode": "hi-IN"},
        {"VoiceId": "Hala", "Engine": "neural", "LanguageCode": "arb"},
        {"VoiceId": "Joanna", "Engine": "neural", "LanguageCode": "en-US"},
        {"VoiceId": "Nate", "LanguageCode": "en-US"},
        {},
    ],
    ids=str,
)
def test_of_all_others_nothing_is_said(answered_by: AnsweredBy, parameters: dict[str, str]) -> None:
    call = spoken(answered_by, Text="Hello.", **parameters)
    assert not is_refused(call)
    assert "Polly" not in str(call)


def test_the_tables_name_what_polly_has() -> None:
    names = {voice for voices in VOICES.values() for voice in voices}
    spoken = {code for voices in VOICES.values() for codes in voices.values() for code in codes}
    assert names | {*BILINGUAL, *NEWS_VOICES} <= set(VOICE_IDS.split())
    assert spoken <= set(LANGUAGE_CODES.split())
    assert {written.split()[0] for tags in NOT_OF.values() for written in tags} <= set(TAGS)
