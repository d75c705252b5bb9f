"""StartCallRecording: a leg's call is recorded in the background."""

from datetime import UTC, datetime

from offhook.actions.fields import RECORDINGS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.actions.start_call_recording import StartCallRecording
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.recording import Recorder, file_name, out_of_turn, what_is_wrong
from offhook.emulator.call.refused import Refused

DEFAULT_PREFIX = "Amazon-Chime-SMA-Call-Recordings"
"""Where recordings go when the destination has no prefix (dg/sip-apps-call-record)."""

_NO_ACCESS = Refusal("SystemException", "System error while running an action.")


@behaviour(error_string="NoAccessToDestination: Error while accessing destination")
async def start_call_recording(action: StartCallRecording, stage: Stage) -> SuccessData:
    """Start; it ends with the leg, or with StopCallRecording."""
    leg, call = stage.leg, stage.call
    if leg in call.recordings:
        raise out_of_turn(stage.settings, "a leg's recording starts once, and does not start again")
    bucket, prefix = split_s3(action.destination, RECORDINGS_BUCKET)
    of_call, of_leg = call.legs[0].started_ms, leg.started_ms
    if stage.settings.call_recording_key == "start_of_the_recording":
        of_call = of_leg = call.now_ms()
    day = f"{datetime.fromtimestamp(of_call / 1000, UTC):%Y/%m/%d}"
    transaction_id = call.transaction_id
    name = file_name(transaction_id, leg.call_id, of_leg)
    key = f"{prefix.rstrip('/') or DEFAULT_PREFIX}/{day}/{name}"
    buckets = stage.world.buckets
    try:
        stage.may_record(bucket)
        await buckets.check(bucket, key)
    except OSError as error:
        why = f"NoAccessToDestination s3://{bucket}/{key}: {what_is_wrong(error)}"
        raise Refused(_NO_ACCESS, why) from None
    call.recordings[leg] = Recorder(
        leg=leg,
        transaction_id=transaction_id,
        track=action.track,
        bucket=bucket,
        key=key,
        buckets=buckets,
        tone_seconds=stage.settings.pause_tone_seconds,
    )
    leg.report("call", f"is recorded ({action.track}) to s3://{bucket}/{key}")
    return {"CallRecordingDestination": {"Type": "S3", "Location": f"{bucket}/{key}"}}
