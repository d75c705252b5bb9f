"""What the desk lacks, so that a call goes the way of a failure: what comes after is not tried."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from offhook.emulator.call.audio import NO_ACCESS
from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, place
from offhook.emulator.function.mending import lacks


def missing_audio(turn: Turn) -> Iterator[Finding]:
    """A wav that is not there."""
    data = cast("Mapping[str, object]", turn.event.get("ActionData") or {})
    if data.get("ErrorMessage") != NO_ACCESS.error_message:
        return
    sent = cast("Mapping[str, object]", data.get("Parameters") or {})
    places = [
        f"s3://{source.get('BucketName') or '(the default bucket)'}/{source['Key']}"
        for value in sent.values()
        if isinstance(value, dict) and "Key" in (source := cast("Mapping[str, object]", value))
    ]
    yield Finding(
        "missing-audio",
        place(turn),
        f"{data.get('Type')} finds no audio: {' or '.join(places)}",
        "what comes after it is not tried here: put a PCM wav into prompts/BUCKET/KEY (of the "
        "default bucket, prompts/KEY); any will do. Where the function has put it into S3, the "
        "ladder says what is wrong: a bucket that it makes itself has no policy",
        weight="lack",
    )


def told_apart(finding: Finding) -> Finding:
    """Of a function that failed for want of something: a variable, a table, a queue, a service."""
    failed = finding.rule in ("function-failed", "answered-failure")
    if failed and (what := lacks(finding.evidence)):
        return replace(finding, rule=f"missing-{what}", weight="lack")
    return finding
