"""A stack: what it has made, how that went, and the applications that it leads to."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from offhook.production.doctor.account import Account, Answer, NotSeen
from offhook.production.doctor.functions import APPLICATION, LambdaName, redeploy, variables
from offhook.production.doctor.link import Link, Report
from offhook.production.way_in import NoWayIn

GUID: Final = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
APPLICATION_ARN: Final = re.compile(rf"arn:[^:]+:chime:([^:]+):\d+:sma/({GUID})")
STACK: Final = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*|arn:[^:]+:cloudformation:[-:/.\w]+")
GONE: Final = ("CREATE_FAILED", "DELETE_COMPLETE", "DELETE_SKIPPED")
"""Of what is in no stack, any more or yet."""


def applications(report: Report, start: str) -> dict[str, str]:
    """The ids of applications, with their region: the one that is meant, or those of a stack.
    Raises `NoWayIn`."""
    region = report.account.region
    if re.fullmatch(GUID, start):
        return {start: region}
    if arn := APPLICATION_ARN.fullmatch(start):
        return {arn[2]: arn[1]}
    if not STACK.fullmatch(start):
        raise NoWayIn(
            f"{start} is no number (+15550100200: with a + and the country), no name of a stack, "
            "and no id of a SIP media application"
        )
    listed = list(_resources(report.account, start))
    if not listed:
        raise NoWayIn(
            f"there is no stack {start} in {region}, and it is no number (+15550100200) and no id "
            "of a SIP media application"
        )
    with report.link("stack", start) as link:
        made = {
            str(one.get("PhysicalResourceId", "")): str(one["ResourceType"])
            for one in listed
            if one["ResourceStatus"] not in GONE
        }
        _look_at_states(link, start, listed)
        if not made:
            link.wrong(
                "stack-gone",
                "nothing of it is left: its creation failed, as its events say, and nothing can be "
                "deployed into it before it is deleted itself; or somebody deleted it",
                f"aws cloudformation describe-stack-events --stack-name {start}",
                f"aws cloudformation delete-stack --stack-name {start}",
                *redeploy(calls_out=False),
            )
            return {}
        return _led_to(link, start, made)


def _look_at_states(link: Link, stack: str, listed: list[Answer]) -> None:
    """What failed and stayed so; what is under way."""
    goes_on = {
        "CREATE_FAILED": redeploy(calls_out=False),
        "DELETE_FAILED": (f"aws cloudformation delete-stack --stack-name {stack}",),
        "UPDATE_FAILED": (f"aws cloudformation continue-update-rollback --stack-name {stack}",),
    }
    changing: list[str] = []
    for one in listed:
        name, state = str(one["LogicalResourceId"]), str(one["ResourceStatus"])
        if state in goes_on:
            link.wrong(
                "stack-failed",
                f"{name} is {state}: {one.get('ResourceStatusReason') or 'its events say why'}. "
                "When that is mended, go on",
                *goes_on[state],
            )
        elif state.endswith("_IN_PROGRESS"):
            changing.append(name)
    if changing:
        link.fine(f"{', '.join(changing)} under way: ask again when that is done")


def _led_to(link: Link, stack: str, made: Mapping[str, str]) -> dict[str, str]:
    region = link.region
    known = link.each("chime-sdk-voice", "ListSipMediaApplications", "SipMediaApplications")
    found = {
        str(one["SipMediaApplicationId"]): region
        for one in known or ()
        for endpoint in one["Endpoints"]
        if made.get(LambdaName(str(endpoint["LambdaArn"])).name) == "AWS::Lambda::Function"
    }
    if known is not None and not found and (calling := _calling_with(link, made)):
        link.fine(f"it calls out with SIP media application {', '.join(calling)}")
        return dict.fromkeys(calling, region)
    if known is not None and not found:
        link.wrong(
            "no-application",
            f"no SIP media application in {region} invokes a function of the stack",
            "aws chime-sdk-voice create-sip-media-application --name line --aws-region "
            f"{region} --endpoints LambdaArn=$(aws cloudformation describe-stacks "
            f"--stack-name {stack} --query "
            "'Stacks[0].Outputs[?OutputKey==`FunctionArn`].OutputValue' --output text)",
        )
    link.fine(f"{len(made)} resources, {len(found)} SIP media applications")
    return found


def _calling_with(link: Link, made: Mapping[str, str]) -> list[str]:
    """The applications that the functions of a stack start calls of."""
    configured = (
        link.ask("lambda", "GetFunctionConfiguration", FunctionName=name)
        for name, kind in made.items()
        if kind == "AWS::Lambda::Function"
    )
    named = [variables(one).get(APPLICATION, "") for one in configured if one]
    return [each for each in dict.fromkeys(named) if each]


def _resources(account: Account, stack: str) -> Iterator[Answer]:
    """What a stack has made, and those in it."""
    try:
        listed = account.each(
            "cloudformation", "ListStackResources", "StackResourceSummaries", StackName=stack
        )
    except NotSeen as error:
        raise NoWayIn(f"stack {stack}: {error}. Begin at the number instead") from None
    for one in listed:
        yield one
        name = str(one.get("PhysicalResourceId", ""))
        is_nested = one["ResourceType"] == "AWS::CloudFormation::Stack"
        if name and is_nested and one["ResourceStatus"] not in GONE:
            yield from _resources(account, name)
