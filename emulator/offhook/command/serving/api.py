"""The service's API on this desk, and how to use it, printed."""

import argparse
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from pydantic import ValidationError

from offhook.command.arguments import desk_of
from offhook.command.say import say
from offhook.command.serving.shown import show_calls
from offhook.emulator.faults import Fault
from offhook.emulator.function.credentials import ENDPOINT
from offhook.emulator.server.desk.breaking import checked
from offhook.emulator.server.desk.endpoint import Cannot
from offhook.emulator.server.listening import Server, collect_garbage_seldom
from offhook.emulator.server.reload import follow
from offhook.emulator.service.config import S3, Desk
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.service import Service

FAILURE = re.compile(r"(?P<operation>\w+|\*)=(?P<error>\w+)(?::(?P<times>\d+|always))?")

APP = "flows.app:lambda_handler"
"""Answers where nothing is configured."""


def serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Raises `PortTaken`, `ConfigError`, `Cannot`."""

    def read() -> Desk:
        return _with_options(desk_of(options, APP), options)

    async def beside(service: Service) -> None:
        await follow(service, read, lambda text: say(f"offhook: {text}"), Path.cwd())

    failures = [_failure(text) for text in options.fail]
    desk = read()
    caller = calling_number(desk, options.from_)
    server = Server(desk, beside=beside)

    def ready(server: Server) -> None:
        for failure in failures:
            server.service.faults.put(failure)
        collect_garbage_seldom()
        if not options.quiet:
            show_calls(server.service)
        say(greeting(server, caller, dict(options.argument)))

    server.run(ready)
    say("Every call has ended.")
    return 0


def _with_options(desk: Desk, options: argparse.Namespace) -> Desk:
    """A flag beats the environment, which beats the file."""
    more: dict[str, object] = {}
    if options.no_quotas:
        more["quotas"] = Quotas(enforced=False)
    for name in ("state", "records"):
        if getattr(options, name) is not None:
            more[name] = getattr(options, name)
    if options.s3 is not None:
        more["s3"] = _s3(options.s3)
    return desk.model_copy(update=more)


def _s3(endpoint: str) -> S3:
    try:
        return S3(endpoint=endpoint)
    except ValidationError:
        raise Cannot(
            f"--s3 {endpoint}: write `embedded`, `embedded:4566`, `folders`, or a URL as http://..."
        ) from None


def calling_number(desk: Desk, chosen: str | None) -> str:
    """Our number that the printed commands call from. Raises `ConfigError`."""
    if chosen is None:
        return next(iter(desk.numbers))
    if chosen not in desk.numbers:
        raise ConfigError(f"--from {chosen}: our numbers are {', '.join(desk.numbers)}")
    return chosen


def _failure(text: str) -> Fault:
    read = FAILURE.fullmatch(text)
    if read is None:
        raise Cannot(
            f"--fail {text}: write OPERATION=EXCEPTION, as in "
            "CreateSipMediaApplicationCall=ThrottledClientException:2"
        )
    times = None if read["times"] == "always" else int(read["times"] or 1)
    return checked(read["operation"], read["error"], times)


def greeting(server: Server, caller: str, arguments: Mapping[str, str]) -> str:
    """What there is, and how to make a first call, from `caller` with these arguments."""
    account = server.service.account
    applications = account.holdings.applications.values()
    lines = [f"Amazon Chime SDK PSTN Audio, at {server.endpoint} (Ctrl-C ends it)", ""]
    for application in applications:
        its_id = application.sip_media_application_id
        mine = [
            n for n in account.numbers if account.answering(n)[0].sip_media_application_id == its_id
        ]
        lines.append(f"  {application.name}  {its_id}  {', '.join(mine)}")
    lines.append(_storage(server))
    its_id = account.answering(caller)[0].sip_media_application_id
    as_json = json.dumps(dict(arguments))
    keys = "AWS_ACCESS_KEY_ID=desk AWS_SECRET_ACCESS_KEY=desk AWS_DEFAULT_REGION=" + account.region
    return "\n".join([*lines, "", BOTO3, CLI]).format(
        endpoint=server.endpoint,
        number=account.numbers[0],
        caller=caller,
        application=its_id,
        python_arguments=f",\n        ArgumentsMap={as_json}" if arguments else "",
        cli_arguments=f" \\\n        --arguments-map {quote(as_json)}" if arguments else "",
        keys=keys,
        region=account.region,
    )


def _storage(server: Server) -> str:
    if server.service.s3 is not None:
        place = f"  prompts and recordings are in S3, at {server.service.s3.endpoint}"
        if ENDPOINT in os.environ:
            place += f"\n  functions find S3, DynamoDB and the rest where {ENDPOINT} says"
        return place
    desk = server.service.desk
    return f"  prompts and recordings are in folders: {desk.prompts}, {desk.recordings}"


BOTO3 = """\
With boto3:

    import boto3
    voice = boto3.client("chime-sdk-voice", endpoint_url="{endpoint}", region_name="{region}",
                         aws_access_key_id="desk", aws_secret_access_key="desk")
    voice.create_sip_media_application_call(
        FromPhoneNumber="{caller}", ToPhoneNumber="+15550100200",
        SipMediaApplicationId="{application}"{python_arguments})
"""

CLI = """\
With the AWS CLI ({keys}):

    aws chime-sdk-voice create-sip-media-application-call --endpoint-url {endpoint} \\
        --from-phone-number {caller} --to-phone-number +15550100200 \\
        --sip-media-application-id {application}{cli_arguments}

Dial in, and look at the calls:

    curl {endpoint}/_offhook/calls -H 'Content-Type: application/json' -d '{{"To": "{number}"}}'
    curl {endpoint}/_offhook/calls
"""
