"""What Amazon Polly takes: names of AWS's lists, and newer ones by their value.

About `offhook.actions.polly`.
"""

from typing import get_args

import pytest
from pydantic import ValidationError

from docs.generate_polly import FILE, listed, text
from offhook.actions import Speak, SpeakAndGetDigits, Unlisted
from offhook.actions.polly import LANGUAGE_CODES, VOICE_IDS, Engines


def test_the_lists_are_those_of_botocore() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), f"{FILE.name} is stale: make docs"
    assert set(VOICE_IDS.split()) == set(listed("VoiceId"))
    assert set(LANGUAGE_CODES.split()) == set(listed("LanguageCode"))
    assert set(get_args(Engines)) == set(listed("Engine"))


@pytest.mark.parametrize("voice", ["Joanna", "Zhiyu", "Lea"])
def test_a_voice_of_polly_is_taken(voice: str) -> None:
    assert Speak(text="x", voice_id=voice).to_wire()["Parameters"] == {
        "Text": "x",
        "VoiceId": voice,
    }


def test_a_misspelt_voice_is_told_the_right_one() -> None:
    with pytest.raises(
        ValidationError, match=r"no 'Joana': write Joanna .* or Unlisted\('Joana'\)"
    ):
        Speak(text="x", voice_id="Joana")
    with pytest.raises(ValidationError, match="failure_voice_id"):
        SpeakAndGetDigits(
            text="x", failure_text="x", failure_voice_id="Joana", repeat_duration_in_milliseconds=1
        )


def test_a_language_and_an_engine_are_of_the_lists_too() -> None:
    with pytest.raises(ValidationError, match="no 'en-UK': write en-"):
        Speak(text="x", language_code="en-UK")
    with pytest.raises(ValidationError, match="engine"):
        Speak.model_validate({"text": "x", "engine": "steam"})


def test_what_aws_adds_next_year_is_said_by_its_value() -> None:
    newer = Speak(text="x", voice_id=Unlisted("Nova"), language_code=Unlisted("xx-XX"))
    assert newer.to_wire()["Parameters"] == {
        "Text": "x",
        "VoiceId": "Nova",
        "LanguageCode": "xx-XX",
    }
    engine = Speak(text="x", engine=Unlisted("steam"))
    assert engine.to_wire()["Parameters"] == {"Text": "x", "Engine": "steam"}


def test_what_is_received_may_be_newer_than_the_lists() -> None:
    wire = {"Type": "Speak", "Parameters": {"Text": "x", "VoiceId": "Nova", "Engine": "steam"}}
    assert Speak.from_wire(wire).to_wire() == wire
    with pytest.raises(ValidationError, match="Nova"):
        Speak.from_wire(wire, open_lists=False)
