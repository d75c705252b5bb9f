"""Check the prompts, say which are missing, and upload them."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import Any

from offhook.command.arguments import add_handler, amount, desk_of
from offhook.command.say import complain, say
from offhook.emulator.explore.jobs import chosen, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.service.config import Desk
from offhook.production.prompts import Prompt, bucket_of, read, upload
from offhook.production.way_in import session


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--bucket",
        metavar="NAME",
        help="upload them there, as audio/wav; without it nothing is uploaded",
    )
    parser.add_argument(
        "--stack", metavar="NAME", help="the bucket that this stack names as PromptsBucket"
    )
    parser.add_argument(
        "--profile", help="the credentials: a profile of ~/.aws (default: as any SDK finds them)"
    )
    parser.add_argument("--region", help="where the bucket is (default: the profile's)")
    parser.add_argument(
        "--seconds",
        metavar="N",
        type=amount,
        default=20.0,
        help="so long the calls are explored for prompts that are missing; 0: not at all. "
        "Default: 20",
    )
    add_handler(parser)


def run(options: Namespace) -> int:
    """1 when one is wrong or missing, and then nothing is uploaded. Raises `CannotUpload`,
    `NoWayIn`, `ConfigError`."""
    desk = desk_of(options)
    bucket = _bucket(options) if options.bucket or options.stack else None
    prompts = read(desk.prompts)
    for prompt in prompts:
        if prompt.wrong:
            complain(f"{prompt.path}: {prompt.wrong}")
        elif prompt.advice:
            say(f"{prompt.path}: advice: {prompt.advice}")
    wrong = sum(bool(prompt.wrong) for prompt in prompts)
    counted = "1 prompt" if len(prompts) == 1 else f"{len(prompts)} prompts"
    say(f"{counted} in {desk.prompts}, {wrong} that the service would refuse")
    missing = _missing(desk, options.seconds) if options.seconds else 0
    if wrong or missing:
        if bucket:
            complain("nothing is uploaded: mend these first")
        return 1
    if bucket:
        _upload(*bucket, prompts)
    return 0


def _missing(desk: Desk, seconds: float) -> int:
    missing = 0
    applications = chosen(desk, None)
    for application in applications:
        asked = replace(Options.of(desk.explore), seconds=seconds / len(applications))
        result = explore(desk, application, asked)
        for found in result.found:
            if found.finding.rule == "missing-audio":
                missing += 1
                complain(f"{found.finding.where}: {found.finding.evidence}")
        ended = all(each.is_complete for each in result.explored)
        if not ended:
            say(
                f"{application.function}: not every call was played in {seconds:.0f} s, so that "
                "more may be missing: --seconds 60"
            )
    if not missing:
        say("no call that was played missed a prompt")
    return missing


def _bucket(options: Namespace) -> tuple[Any, str]:
    """S3, of boto3, and which bucket of it. Raises `NoWayIn`, `CannotUpload`."""
    found = session("uploading", options.profile, options.region)
    s3 = found.client("s3")
    return s3, options.bucket or bucket_of(found.client("cloudformation"), options.stack)


def _upload(s3: Any, bucket: str, prompts: list[Prompt]) -> None:
    done = {True: 0, False: 0}
    for prompt, was_there in upload(s3, bucket, prompts):
        done[was_there] += 1
        say(f"s3://{bucket}/{prompt.key}{': as it was' if was_there else ''}")
    say(f"{done[False]} uploaded, {done[True]} were there")
