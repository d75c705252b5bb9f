"""RecordAudio: what the leg says is recorded, until a key, silence or the duration ends it."""

import asyncio
from collections.abc import Iterable

from offhook.actions.fields import RECORDINGS_BUCKET, split_s3
from offhook.actions.record_audio import RecordAudio
from offhook.actions.refusals import Refusal
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.deeds import Deed, Known
from offhook.emulator.call.recording import file_name, what_is_wrong
from offhook.emulator.call.refused import Refused
from offhook.emulator.call.sound import INCOMING_TONE, render

_UPLOAD = Refusal(
    "InvalidActionParameter", "An error occurred while uploading the recording to the S3 bucket."
)


def _may(action: RecordAudio, _known: Known) -> Iterable[Deed]:
    yield Deed("says", "Here is a message.")
    yield from [Deed("presses", key) for key in action.recording_terminators][:1]


@behaviour(answers=True, interruptible=True, notifies=True, when_left="ACTION_SUCCESSFUL", may=_may)
async def record_audio(action: RecordAudio, stage: Stage) -> SuccessData:
    """Record; what ended it is told by the key alone."""
    leg, call = stage.leg, stage.call
    bucket, prefix = split_s3(action.recording_destination, RECORDINGS_BUCKET)
    name = f"{leg.call_id}-{leg.recorded}.wav"
    if stage.settings.record_audio_key == "moment_and_ids":
        name = file_name(call.transaction_id, leg.call_id, call.now_ms())
    leg.recorded += 1
    key = f"{prefix.rstrip('/')}/{name}" if prefix else name
    stage.so_far["RecordingDestination"] = {"Type": "S3", "BucketName": bucket, "Key": key}
    started = leg.loop.time()
    leg.recorders += 1
    leg.report("call", f"is recorded to s3://{bucket}/{key}")
    fault = ""
    try:
        terminator = await _ends(action, stage)
    finally:  # also when the caller leaves, or an update comes
        now = leg.loop.time()
        leg.recorders -= 1
        sound = render([(span, INCOMING_TONE) for span in leg.said], started, now)
        voice = sum(max(0.0, min(s.end, now) - max(s.start, started)) for s in leg.said)
        kept = f"{voice:.1f} s of voice in" if voice else "nobody said anything in"
        leg.report("call", f"the recording is over: {kept} {now - started:.1f} s")
        try:
            stage.may_record(bucket)
            stage.world.buckets.write(bucket, key, [sound])
        except OSError as error:
            fault = f"the recording cannot be delivered: {what_is_wrong(error)}"
            leg.report("note", fault)
    if fault:
        raise Refused(_UPLOAD)
    used = {"RecordingTerminatorUsed": terminator} if terminator else {}
    return {**stage.so_far, **used}


async def _ends(action: RecordAudio, stage: Stage) -> str | None:
    """Wait for the end: the terminator pressed, or `None` for silence and the duration."""
    leg = stage.leg
    pressed: asyncio.Future[str] = leg.loop.create_future()
    terminators = tuple(action.recording_terminators)

    def take(key: str) -> bool:
        if key in terminators and not pressed.done():
            pressed.set_result(key)
        return key in terminators

    endings: set[asyncio.Future[str] | asyncio.Task[None]] = {pressed}
    if action.silence_duration_in_seconds is not None:
        silence = leg.is_silent_for(action.silence_duration_in_seconds)
        endings.add(leg.loop.create_task(silence))
    try:
        with leg.taking(take):
            await asyncio.wait(
                endings,
                timeout=action.duration_in_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
    finally:
        for ending in endings:
            if ending is not pressed:
                ending.cancel()
    return pressed.result() if pressed.done() else None
