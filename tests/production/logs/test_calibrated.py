"""Settings that nobody knows are found in the calls that were made under them.

`make calibrations N=50` draws more of them.
"""

import os
from random import Random

import pytest

from offhook.emulator.settings import Settings
from offhook.production.logs.calibrated import OF_TIME, RATE, Calibrated, calibrate
from tests.production.logs.happened import DESK
from tests.production.logs.hidden import MESSAGE, SEEN, STORIES, happened, values
from tests.production.logs.test_replayed import nobodys

DRAWS = int(os.environ.get("CALIBRATIONS", "5"))


def drawn(names: list[str], random: Random) -> Settings:
    """Other values than the default for these."""
    default = Settings()
    others = {
        name: random.choice([v for v in values(name) if v != getattr(default, name)])
        for name in names
    }
    pace = random.choice((140, 165, 190))
    return Settings.model_validate({**others, "words_per_minute": pace})


def nothing_is_wrong(found: Calibrated, hidden: Settings) -> None:
    for verdict in found.verdicts:
        if verdict.says == "certain":
            assert verdict.value == getattr(hidden, verdict.name), verdict


def certain(found: Calibrated) -> dict[str, object]:
    return {each.name: each.value for each in found.verdicts if each.says == "certain"}


@pytest.mark.parametrize("draw", range(DRAWS))
def test_a_setting_is_found_in_calls_that_show_it(draw: int) -> None:
    random = Random(draw)
    name = random.choice(SEEN)
    hidden = drawn([name], random)
    found = calibrate(happened(hidden, [name], draw), DESK)
    nothing_is_wrong(found, hidden)
    assert certain(found)[name] == getattr(hidden, name)
    assert found.explained == found.calls


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("draw", "are_nobodys"),
    [*((draw, False) for draw in range(DRAWS)), *((draw, True) for draw in range(2))],
)
def test_six_settings_at_once_are_found(draw: int, are_nobodys: bool) -> None:
    random = Random(100 + draw)
    hidden = drawn(random.sample(SEEN, 6), random)
    kinds = [*SEEN, *random.sample([*STORIES], 3)]
    made = happened(hidden, kinds, draw)
    found = calibrate(nobodys(made) if are_nobodys else made, DESK)
    nothing_is_wrong(found, hidden)
    shown = {*SEEN}
    if hidden.caller_leaves_during_an_action == "hangup":  # LEG-B may have left in the next action
        shown.discard("list_after_its_leg_left")
    assert certain(found).items() >= {name: getattr(hidden, name) for name in shown}.items()
    assert found.explained == found.calls
    assert found.unexplained == []


def test_what_no_call_shows_is_said_to_be_so() -> None:
    found = calibrate(happened(Settings(), ["hangup_of_the_only_leg"], 1), DESK)
    says = {each.name: each.says for each in found.verdicts}
    assert says.pop("hangup_of_the_only_leg") == "certain"
    assert says.pop("echo_participant_tag") == "certain"
    assert set(says.values()) == {"never exercised"}
    assert says.keys() | {"hangup_of_the_only_leg", "echo_participant_tag"} == {
        name for name in Settings.model_fields if name not in OF_TIME
    }


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("pace", [140, 165, 190])
def test_what_times_alone_tell_is_ambiguous_with_the_rate_of_speech(last: bool, pace: int) -> None:
    hidden = Settings(failure_prompt_after_the_last_attempt=last, words_per_minute=pace)
    found = calibrate(happened(hidden, ["invalid_digits_message"], 1), DESK)
    by_name = {each.name: each for each in found.verdicts}
    verdict = by_name["failure_prompt_after_the_last_attempt"]
    assert (verdict.says, verdict.others) == ("ambiguous", (RATE,))
    nothing_is_wrong(found, hidden)


def test_the_calls_that_say_so_are_counted() -> None:
    hidden = Settings(invalid_digits_message=MESSAGE)
    made = happened(hidden, ["invalid_digits_message", "echo_participant_tag"] * 2, 1)
    found = calibrate(made, DESK)
    by_name = {each.name: each for each in found.verdicts}
    message, echo = by_name["invalid_digits_message"], by_name["echo_participant_tag"]
    assert (message.count, message.of) == (2, 2)
    assert (echo.count, echo.of) == (4, 4)


def test_what_no_setting_explains_is_shown_and_what_lacks_a_reply_is_left_out() -> None:
    made = happened(Settings(), ["hangup_of_the_only_leg", "bad_reply"], 1)
    row = [*made[0].exchanges]
    event = {**row[1].event, "InvocationEventType": "ACTION_FAILED"}
    row[1] = row[1].model_copy(update={"event": event})
    strange = made[0].model_copy(update={"exchanges": row})
    lacking = made[1].model_copy(update={"lacks": ["the reply to 1"]})
    found = calibrate([strange, lacking], DESK)
    assert (found.calls, found.explained, found.left_out) == (2, 0, 1)
    assert found.unexplained == [strange]
