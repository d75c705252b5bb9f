"""The desk around a call that is played again: its numbers, and audio that nobody has here."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias, cast

from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import NO_ACCESS, NOT_PCM, Clip
from offhook.emulator.call.refused import Refused
from offhook.emulator.service.buckets import Buckets
from offhook.emulator.service.config import S3, Desk, SipMediaApplication
from offhook.handler.events import ATTRIBUTE, Event
from offhook.production.logs.recorded import Exchange, RecordedCall

Fields: TypeAlias = Mapping[str, object]

AUDIO_SECONDS: Final = 3.0
"""The length of audio that is not here."""


class Audio(Buckets):
    """What is in the folders, and something for all else."""

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav; where there is none, some seconds of it."""
        try:
            return await super().fetch(place, not_pcm)
        except Refused as refused:
            if refused.refusal is not NO_ACCESS:
                raise
            return Clip(split_s3(place, PROMPTS_BUCKET)[1], AUDIO_SECONDS, is_speech=False)


def set_for(call: RecordedCall, desk: Desk, recordings: Path, *, is_recorded: bool) -> Desk:
    """The desk with the numbers of a call, and no S3 of its own where all replies are recorded:
    no function asks for it."""
    numbers = {call.exchanges[0].told.leg_a.our_number, *_called_from(call)}
    app = SipMediaApplication(numbers=tuple(sorted(numbers)), function="recorded:replies")
    return desk.model_copy(
        update={
            "sip_media_applications": (app,),
            "sip_rules": (),
            "functions": {},
            "recordings": recordings,
            "state": None,
            "records": None,
            "s3": S3(endpoint="folders") if is_recorded else desk.s3,
        }
    )


def arguments_of(event: Event) -> Mapping[str, str] | None:
    """Of the request that an event is about."""
    given = _fields(event.action_data.get("Parameters")).get("Arguments")
    return cast("Mapping[str, str] | None", given)


def remembered(row: Sequence[Exchange], place: int) -> object:
    """The reply of an exchange; what a router of ours has put into it to remember, where only the
    next event has that: it is added behind what is recorded."""
    reply = row[place].reply
    kept = _stored(row[place + 1]).get(ATTRIBUTE) if place + 1 < len(row) else None
    if not isinstance(reply, dict) or kept is None or row[place].told.ignores_actions:
        return reply
    given = reply.get("TransactionAttributes")
    stored = _stored(row[place]) if given is None else _fields(given)
    return {**reply, "TransactionAttributes": {**stored, ATTRIBUTE: kept}}


def _stored(exchange: Exchange) -> Fields:
    return _fields(_fields(exchange.event.get("CallDetails")).get("TransactionAttributes"))


def _called_from(call: RecordedCall) -> Iterator[str]:
    """Numbers from which the application called somebody: they are its own."""
    for each in call.exchanges:
        data = each.told.action_data
        if data.get("Type") == "CallAndBridge" and "ErrorType" not in data:
            yield str(_fields(data.get("Parameters")).get("CallerIdNumber"))


def _fields(value: object) -> Fields:
    return cast("Fields", value) if isinstance(value, dict) else {}
