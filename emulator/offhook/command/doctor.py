"""Say why a line does not ring: read an AWS account along a call's way, and write nothing."""

import json
from argparse import ArgumentParser, Namespace

from offhook.command.say import say
from offhook.production.doctor.account import Account, policy
from offhook.production.doctor.examine import examine
from offhook.production.doctor.findings import SYMPTOMS, Finding, likeliest
from offhook.production.way_in import NoWayIn

MARKS = {"fine": "fine  ", "wrong": "WRONG ", "unseen": "unseen"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "start",
        metavar="LINE",
        nargs="?",
        help="a number (+15550100200), the name of a stack, or a SIP media application's id",
    )
    parser.add_argument(
        "--symptom",
        metavar="SYMPTOM",
        choices=SYMPTOMS,
        help=f"what is noticed: {', '.join(SYMPTOMS)}. What explains it is said first, the "
        "likeliest at the top",
    )
    parser.add_argument(
        "--profile", help="the credentials: a profile of ~/.aws (default: as any SDK finds them)"
    )
    parser.add_argument("--region", help="where the line is (default: the profile's)")
    for kind in ("prompts", "recordings"):
        parser.add_argument(
            f"--{kind}",
            metavar="BUCKET",
            action="append",
            default=[],
            help=f"a bucket of {kind} that the function's OFFHOOK_{kind.upper()}_BUCKET does not "
            "name",
        )
    parser.add_argument("--json", action="store_true", help="print all that was found as JSON")
    parser.add_argument(
        "--policy", action="store_true", help="print the permissions that it needs, for IAM"
    )


def run(options: Namespace) -> int:
    """0 when nothing is wrong, 1 when something is. Raises `NoWayIn`."""
    if options.policy:
        say(json.dumps(policy(), indent=2))
        return 0
    if not options.start:
        raise NoWayIn("which line? Write a number, the name of a stack, or an application's id")
    account = Account(options.profile, options.region)
    found = examine(
        account,
        options.start,
        symptom=options.symptom or "",
        buckets={"prompts": options.prompts, "recordings": options.recordings},
    )
    first = likeliest(found, options.symptom) if options.symptom else []
    if options.json:
        say(
            json.dumps(
                {
                    "account": account.id,
                    "region": account.region,
                    "as": account.who,
                    "environment": account.environment,
                    "likeliest": [one.to_json() for one in first],
                    "links": [one.to_json() for one in found],
                },
                indent=2,
            )
        )
    else:
        say(f"Account {account.id}, {account.region}, as {account.who}. Nothing is changed.")
        say(f"Commands are for: export {' '.join(map('='.join, account.environment.items()))}\n")
        _tell(found, first, options.symptom)
    return 1 if any(one.state == "wrong" for one in found) else 0


def _tell(found: list[Finding], first: list[Finding], symptom: str | None) -> None:
    if symptom:
        say(f"Likeliest for {symptom}:" if first else f"Nothing that was seen explains {symptom}.")
        for one in first:
            say(_told(one, with_change=True))
        say("\nThe way of a call:" if found else "")
    for one in found:
        say(_told(one, with_change=one not in first))
    wrong, unseen = (sum(one.state == state for one in found) for state in ("wrong", "unseen"))
    say(f"\n{wrong} wrong, {unseen} not seen.")
    if needs := sorted({one.needs for one in found if one.needs}):
        say(f"To see the rest: {', '.join(needs)} (offhook doctor --policy has all).")


def _told(one: Finding, *, with_change: bool) -> str:
    lines = [f"{MARKS[one.state]}  {one.link} {one.what}: {one.says}"]
    if with_change:
        lines += [f"            {command}" for command in one.change]
    return "\n".join(lines)
