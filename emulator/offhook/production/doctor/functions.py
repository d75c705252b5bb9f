"""The function of an application: whether it is there, may be invoked, has time, and fails."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.errors import NotConfigured
from offhook.production.doctor.account import Answer, part
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.metrics import count, last_words
from offhook.production.doctor.policies import (
    BY_A_SERVICE,
    SERVICE,
    Request,
    statements,
    unconditional,
    why_not,
)
from offhook.production.doctor.roles import allow, look_for_role, role_policies

APPLICATION = "OFFHOOK_SIP_MEDIA_APPLICATION_ID"
"""The variable that makes a function one that calls out."""

ASKED_AGAIN_SECONDS = 5
GIVEN_UP_SECONDS = 20
"""When the service invokes a second time, and when it hangs up (dg/timeouts)."""
LEAST_MEGABYTES = 256
"""Memory brings CPU along, and a start needs it: benchmarks/README.md."""
ERROR = re.compile(r"\bERROR\b|Task timed out|errorType|\[ERROR\]|Runtime exited|Traceback")


@dataclass(frozen=True)
class LambdaName:
    """A function's ARN in its parts."""

    arn: str

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def name(self) -> str:
        return self.arn.split(":")[6]

    @property
    def qualifier(self) -> str:
        """A version or an alias; empty for the function itself."""
        return ":".join(self.arn.split(":")[7:])

    @property
    def asked(self) -> dict[str, str]:
        """As Lambda's operations take it."""
        return {
            "FunctionName": self.name,
            **({"Qualifier": self.qualifier} if self.qualifier else {}),
        }

    @property
    def is_alias(self) -> bool:
        return bool(self.qualifier) and not re.fullmatch(r"\d+|\$LATEST", self.qualifier)


def redeploy(*parameters: str, calls_out: bool = True) -> tuple[str, str]:
    """What deploys a function anew: calling out is a stack of its own."""
    stack = " --config-env calling-out" if calls_out else ""
    overrides = f" --parameter-overrides {' '.join(parameters)}" if parameters else ""
    return f"sam build{stack}", f"sam deploy{stack}{overrides}"


def look_at_function(report: Report, application: Answer) -> Answer:
    """Its configuration; empty where it cannot be seen."""
    function = LambdaName(str(application["Endpoints"][0]["LambdaArn"]))
    with report.link("function", function.arn, function.region) as link:
        if function.account != report.account.id:
            link.wrong(
                "function-missing",
                f"it is in account {function.account}, and these credentials are of "
                f"{report.account.id}: look with that account's",
            )
            return {}
        found = look_at_configuration(link, function)
        if found:
            _permission(link, function, application)
            _time(link, function, found)
            look_at_concurrency(link, function, "concurrency-zero")
            look_at_errors(link, function, str(_group(found, function)))
            _bridges(link, found)
            link.fine(f"{found.get('Timeout')} s, {found.get('MemorySize')} MB")
    if found:
        _may_log(report, function, found)
    return found


def look_at_configuration(
    link: Link, function: LambdaName, missing: str = "function-missing", bad: str = "function-state"
) -> Answer:
    """Whether it is there and ready. Its configuration; empty where it is not there or not seen."""
    found = link.ask("lambda", "GetFunctionConfiguration", **function.asked)
    if found is None:
        return {}
    if not found:
        kind = "alias or version of a function" if function.qualifier else "function"
        link.wrong(
            missing,
            f"there is no such {kind}: deploy it, or let the application invoke one that there is",
            f"aws lambda list-aliases --function-name {function.name}"
            if function.qualifier
            else "aws lambda list-functions --query Functions[].FunctionArn",
        )
        return {}
    state = str(found.get("State", "Active"))
    if state not in ("Active", "Inactive"):  # Inactive wakes when it is invoked
        link.wrong(
            bad,
            f"its state is {state}: {found.get('StateReason') or 'it cannot be invoked'}",
            f"aws lambda get-function-configuration --function-name {quote(function.arn)}",
        )
    if found.get("LastUpdateStatus") == "Failed":
        link.wrong(
            bad,
            f"its last update failed: {found.get('LastUpdateStatusReason') or 'deploy it again'}",
            *redeploy(calls_out=APPLICATION in variables(found)),
        )
    link.fine(state.lower())
    look_for_role(link, bad, found)
    if function.is_alias:
        _is_up_to_date(link, function, found)
    return found


def variables(configuration: Answer) -> Mapping[str, str]:
    """The environment variables of a function."""
    found = part(configuration, "Environment", "Variables")
    return {str(name): str(value) for name, value in found.items()}


def configure(function: LambdaName, change: str) -> Sequence[str]:
    """How a function's configuration is changed, up to the alias that is invoked."""
    update = [f"aws lambda update-function-configuration --function-name {function.name} {change}"]
    if not function.is_alias:
        return update
    return [
        *update,
        f"aws lambda wait function-updated --function-name {function.name}",
        (
            f"aws lambda update-alias --function-name {function.name} --name {function.qualifier} "
            "--function-version $(aws lambda publish-version --function-name "
            f"{function.name} --query Version --output text)"
        ),
    ]


def look_at_concurrency(link: Link, function: LambdaName, fault: str) -> None:
    """Whether executions are kept from it."""
    kept = link.ask("lambda", "GetFunctionConcurrency", FunctionName=function.name)
    if kept and kept.get("ReservedConcurrentExecutions") == 0:
        link.wrong(
            fault,
            "its reserved concurrency is 0: every invocation is throttled",
            f"aws lambda delete-function-concurrency --function-name {function.name}",
        )


def look_at_errors(link: Link, function: LambdaName, group: str) -> None:
    """What failed in the last 24 hours, and the last words about it."""
    errors, throttles = (
        count(link, "AWS/Lambda", name, [{"Name": "FunctionName", "Value": function.name}])
        for name in ("Errors", "Throttles")
    )
    if errors:
        last = last_words(link, group, "?ERROR ?errorType ?Task", ERROR)
        told = f"; the last: {last[-1]}" if last else ""
        link.wrong(
            "function-errors",
            f"{errors:g} invocations failed in the last 24 hours{told}",
            f"aws logs tail {group} --since 1d --filter-pattern '?ERROR ?errorType ?Task'",
        )
    if throttles:
        link.wrong(
            "function-throttles",
            f"{throttles:g} invocations were throttled in the last 24 hours: no executions were "
            "left for it in the account, or it has too few of its own",
            f"aws lambda put-function-concurrency --function-name {function.name} "
            "--reserved-concurrent-executions 50",
        )


def _group(configuration: Answer, function: LambdaName) -> str:
    where = part(configuration, "LoggingConfig")
    return str(where.get("LogGroup") or f"/aws/lambda/{function.name}")


def _permission(link: Link, function: LambdaName, application: Answer) -> None:
    of_it = {
        **BY_A_SERVICE,
        "aws:sourceaccount": link.account.id,
        "aws:sourcearn": str(application.get("SipMediaApplicationArn", "")),
    }

    def asks(arn: str) -> Request:
        action = "lambda:InvokeFunction"
        return Request(principal=SERVICE, action=action, resource=arn, context=of_it)

    found = link.ask("lambda", "GetPolicy", **function.asked)
    if found is None:
        return
    document: object = found.get("Policy") or {}
    request = asks(function.arn)
    qualifier = f" --qualifier {function.qualifier}" if function.qualifier else ""
    if why := why_not([document], request):
        own = link.ask("lambda", "GetPolicy", FunctionName=function.name) if qualifier else None
        plain = function.arn.removesuffix(f":{function.qualifier}")
        is_on_it = bool(own and not why_not([own.get("Policy") or {}], asks(plain)))
        if is_on_it:
            why = f"the function has it, and the application invokes its {function.qualifier}"
        if function.qualifier == "$LATEST":  # of which Lambda keeps no policy
            link.wrong(
                "permission",
                f"the service may not invoke it: {why}, which can be given none. Without it, it is "
                "the same code; an alias is better",
                "aws chime-sdk-voice update-sip-media-application --sip-media-application-id "
                f"{application.get('SipMediaApplicationId')} --endpoints LambdaArn={plain}",
                *([] if is_on_it else [_add(link, function, "", own or {})]),
            )
            return
        link.wrong(
            "permission",
            f"the service may not invoke it: {why}",
            _add(link, function, qualifier, found),
        )
    elif opened := unconditional(document, request, "aws:sourceaccount", "aws:sourcearn"):
        closed = [one for one in statements(document) if one not in opened]
        names = [str(one.get("Sid")) for one in opened]
        link.wrong(
            "permission-open",
            "any account's application may invoke it: the permission names no source account "
            f"({', '.join(names)})",
            *(
                [_add(link, function, qualifier, found)]
                if why_not([{"Statement": closed}], request)
                else []
            ),
            *(
                f"aws lambda remove-permission --function-name {function.name}{qualifier} "
                f"--statement-id {name}"
                for name in names
            ),
        )
    else:
        link.fine("the service may invoke it")


def _add(link: Link, function: LambdaName, qualifier: str, found: Answer) -> str:
    """The command that lets the service in, under a name that none of the policy has."""
    taken = {one.get("Sid") for one in statements(found.get("Policy"))}
    names = ("offhook-doctor", *(f"offhook-doctor-{n}" for n in range(len(taken))))
    return (
        f"aws lambda add-permission --function-name {function.name}{qualifier} --statement-id "
        f"{next(name for name in names if name not in taken)} --action lambda:InvokeFunction "
        f"--principal {SERVICE} --source-account {link.account.id}"
    )


def _time(link: Link, function: LambdaName, found: Answer) -> None:
    timeout, memory = int(found.get("Timeout", 3)), int(found.get("MemorySize", 128))
    if timeout < ASKED_AGAIN_SECONDS:
        link.wrong(
            "function-timeout-short",
            f"its timeout is {timeout} s: a start can take longer, and the service waits for "
            f"{GIVEN_UP_SECONDS} s",
            *configure(function, f"--timeout {GIVEN_UP_SECONDS}"),
        )
    elif timeout > GIVEN_UP_SECONDS:
        link.wrong(
            "function-timeout-long",
            f"its timeout is {timeout} s, and the service hangs up after {GIVEN_UP_SECONDS} s: "
            "what hangs there is paid for, and nobody hears it",
            *configure(function, f"--timeout {GIVEN_UP_SECONDS}"),
        )
    if memory < LEAST_MEGABYTES:
        link.wrong(
            "function-memory",
            f"it has {memory} MB, and the share of a CPU that comes with them: a start may take "
            f"more than {ASKED_AGAIN_SECONDS} s, after which the service asks again",
            *configure(function, "--memory-size 512"),
        )


def _bridges(link: Link, found: Answer) -> None:
    try:
        DialPolicy.from_environment(variables(found))
    except NotConfigured as error:
        link.wrong(
            "bridge-policy",
            f"callers are bridged with nobody: {error}",
            *redeploy("BridgeDestinations=US", calls_out=False),
        )


def _is_up_to_date(link: Link, function: LambdaName, found: Answer) -> None:
    alias = link.ask("lambda", "GetAlias", FunctionName=function.name, Name=function.qualifier)
    if weights := part(alias, "RoutingConfig", "AdditionalVersionWeights"):
        share = " and ".join(f"{weight:.0%} to version {its}" for its, weight in weights.items())
        link.wrong(
            "alias-weights",
            f"{function.qualifier} gives {share} of what it is asked: two versions answer the "
            "events of one call",
            f"aws lambda update-alias --function-name {function.name} --name {function.qualifier} "
            f"--function-version {found.get('Version')} "
            "--routing-config AdditionalVersionWeights={}",
        )
        return
    latest = link.ask("lambda", "GetFunctionConfiguration", FunctionName=function.name)
    if not latest:
        return
    now, then = variables(latest), variables(found)
    differ = sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
    if latest.get("CodeSha256") != found.get("CodeSha256"):
        differ.append("the code")
    if differ:
        link.wrong(
            "stale-version",
            f"{function.qualifier} runs a version in which {', '.join(differ)} "
            f"{'is' if len(differ) == 1 else 'are'} not as in the function: a parameter was "
            "deployed without a build, or it was rolled back",
            *redeploy(calls_out=APPLICATION in variables(found)),
        )


def _may_log(report: Report, function: LambdaName, found: Answer) -> None:
    group = _group(found, function)
    with report.link("function log", group, function.region) as link:
        known = link.each("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=group)
        documents = role_policies(link, str(found.get("Role", "")))
        if documents is None:
            return
        where = (
            f"arn:{link.account.partition}:logs:{function.region}:{link.account.id}:"
            f"log-group:{group}"
        )
        actions = ("logs:CreateLogStream", "logs:PutLogEvents")
        for action in actions:
            request = Request(action=action, resource=f"{where}:log-stream:any")
            if why := why_not(documents, request):
                link.wrong(
                    "function-log",
                    f"the function's role may not write there: {why}. Why it fails is in no log",
                    *allow(str(found["Role"]), "logs", actions, f"{where}:*", documents),
                )
                return
        if known is not None and group not in [one["logGroupName"] for one in known]:
            request = Request(action="logs:CreateLogGroup", resource=where)
            if why := why_not(documents, request):
                link.wrong(
                    "function-log",
                    f"there is no such group, and the role may not make it: {why}",
                    f"aws logs create-log-group --log-group-name {group}",
                )
        link.fine("its role may write there")
