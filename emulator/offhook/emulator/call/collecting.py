"""How digits are collected: the algorithm of PlayAudioAndGetDigits and SpeakAndGetDigits (B.4)."""

from collections.abc import Callable, Iterable, Mapping

from offhook.actions.collecting import CollectsDigits
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import Clip
from offhook.emulator.call.behaviour import Stage
from offhook.emulator.call.deeds import Deed, Known, presses
from offhook.emulator.call.expressions import matches
from offhook.emulator.call.leg import Keys
from offhook.emulator.call.refused import Refused
from offhook.emulator.settings import Settings


def may(action: CollectsDigits, known: Known) -> Iterable[Deed]:
    """Keys that it takes, and keys that it does not."""
    return presses(
        action.input_digits_regex,
        known,
        fewest=action.min_number_of_digits,
        most=action.max_number_of_digits,
        terminators=action.terminator_digits,
    )


async def collect(
    action: CollectsDigits, stage: Stage, *, prompt: Clip, failure: Clip
) -> Mapping[str, object]:
    """Attempt after attempt: hear the prompt, press keys; hear the failure prompt, try again."""
    keys = Keys()
    with stage.leg.taking(keys.take):
        for attempt in range(1, action.repeat + 1):
            digits = await _attempt(action, stage, keys, prompt)
            if digits is not None:
                return {"ReceivedDigits": digits}
            if attempt < action.repeat:
                await stage.leg.hears(failure, cut_by=_cut_by(keys, stage.settings))
            elif stage.settings.failure_prompt_after_the_last_attempt:
                await stage.leg.hears(failure)
    raise Refused(Refusal("InvalidDigitsReceived", stage.settings.invalid_digits_message))


async def _attempt(action: CollectsDigits, stage: Stage, keys: Keys, prompt: Clip) -> str | None:
    """The digits of one attempt, or `None` when it failed."""
    if not (stage.settings.barge_in and keys.are_waiting):
        await stage.leg.hears(prompt, cut_by=_cut_by(keys, stage.settings))
    first = action.repeat_duration_in_milliseconds / 1000
    between = (action.in_between_digits_duration_in_milliseconds or first * 1000) / 1000
    terminators = tuple(action.terminator_digits)
    digits, terminator, wait = "", "", first
    while len(digits) < action.max_number_of_digits:
        key = await keys.next(wait)
        if key is None:
            break
        if key in terminators:
            terminator = key
            break
        digits += key
        wait = between
    return digits if _is_good(action, digits, terminator, stage) else None


def _cut_by(keys: Keys, settings: Settings) -> Callable[[str], bool] | None:
    """A key stops the prompt, and is the first of the attempt."""
    return keys.take if settings.barge_in else None


def _is_good(action: CollectsDigits, digits: str, terminator: str, stage: Stage) -> bool:
    if len(digits) < action.min_number_of_digits:
        return False
    if not digits and not _silence_is_good(terminator, stage.settings):
        return False
    expression = action.input_digits_regex
    if expression is None or matches(expression, digits, stage):
        return True
    with_terminator = terminator and stage.settings.regex_may_take_the_terminator
    return bool(with_terminator and matches(expression, digits + terminator, stage))


def _silence_is_good(terminator: str, settings: Settings) -> bool:
    match settings.no_digits_is_success:
        case "after_terminator":
            return bool(terminator)
        case "always":
            return True
        case "never":
            return False


def echo(sent: Mapping[str, object]) -> Mapping[str, object]:
    """The service fills in the in-between time in the echo, and nothing else."""
    return {"InBetweenDigitsDurationInMilliseconds": sent.get("RepeatDurationInMilliseconds")}
