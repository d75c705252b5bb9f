"""Calling out: the trigger, its dial policy, the ledger, the queue."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.calling.ledger import LEASE_SECONDS
from offhook.handler.errors import NotConfigured
from offhook.production.doctor.account import Answer
from offhook.production.doctor.functions import (
    APPLICATION,
    LambdaName,
    configure,
    look_at_concurrency,
    look_at_configuration,
    redeploy,
    variables,
)
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.roles import look_at_role
from offhook.production.doctor.routing import look_at_number
from offhook.production.doctor.tables import (
    LEDGER,
    OF_A_START,
    arn_of,
    look_at_ledger,
    operations,
)

READS: Final = ("ChangeMessageVisibility", "DeleteMessage", "GetQueueUrl", "ReceiveMessage")
"""What the trigger does with messages, in SQS's words."""
SETTINGS: Final = {
    "OFFHOOK_KEYS": ("own|shared|", "own, or shared"),
    "OFFHOOK_LEDGER_DAYS": (r"(?=.*[1-9])\d+(\.\d+)?|", "a number of days, above 0"),
}
"""What else the trigger is told: what it may be."""
SHORTEST_SECONDS: Final = 15
"""Of the trigger: 8 of them are kept for the service's answer, and the ledger's."""


def look_at_calling_out(
    report: Report,
    application: Answer,
    caller: Answer,
    quotas: Mapping[str, float],
    *,
    is_wanted: bool,
) -> None:
    """Each function that starts calls of an application. `caller` is the function that answers
    them. Where nobody starts any, that is wrong only if it `is_wanted`."""
    identity, region = str(application["SipMediaApplicationId"]), str(application["AwsRegion"])
    with report.link("trigger", identity, region) as link:
        functions = link.each("lambda", "ListFunctions", "Functions")
        mappings = link.each("lambda", "ListEventSourceMappings", "EventSourceMappings")
        if functions is None:
            return
        ledger = variables(caller).get(LEDGER, "") if caller else None
        triggers = [
            one
            for one in functions
            if APPLICATION in variables(one)
            and (
                variables(one)[APPLICATION] == identity
                or (ledger and variables(one).get(LEDGER) == ledger)
            )
        ]
        if not triggers:
            if is_wanted:
                link.wrong(
                    "no-trigger",
                    f"no function in {region} calls out with it: {APPLICATION} is nowhere its id",
                    *redeploy("Line=STACK", "DialDestinations=US", "DialFrom=+1..."),
                )
            link.fine("nothing calls out with it")
    for trigger in triggers:
        _look_at_trigger(report, identity, region, trigger, mappings, quotas, caller)


def _look_at_trigger(
    report: Report,
    identity: str,
    region: str,
    latest: Answer,
    mappings: Sequence[Answer] | None,
    quotas: Mapping[str, float],
    caller: Answer,
) -> None:
    own = LambdaName(str(latest["FunctionArn"]))
    fed = [one for one in mappings or () if LambdaName(str(one["FunctionArn"])).name == own.name]
    function = LambdaName(str(fed[0]["FunctionArn"])) if fed else own
    with report.link("trigger", function.arn, region) as link:
        found = look_at_configuration(link, function, "trigger-state", "trigger-state") or latest
        look_at_concurrency(link, function, "trigger-concurrency-zero")
        _time(link, function, found)
        _role(link, found, identity)
        link.fine(f"{found.get('Timeout')} s")
    said = variables(found)
    numbers = _look_at_policy(report, function, said, identity, quotas)
    for number in numbers:
        look_at_number(report, number)
    if said.get(LEDGER):
        look_at_ledger(report, said[LEDGER], region, caller)
    else:
        with report.link("ledger", function.name, region) as link:
            link.wrong("ledger-missing", f"{LEDGER} is not set: the trigger refuses all calls")
    if mappings is not None:
        _look_at_queue(report, function, found, fed)


def _role(link: Link, found: Answer, identity: str) -> None:
    account = link.account
    application = f"arn:{account.partition}:chime:{link.region}:{account.id}:sma/{identity}"
    calls = [f"chime:{verb}SipMediaApplicationCall" for verb in ("Create", "Update")]
    wanted = [("calls", calls, application)]
    if table := variables(found).get(LEDGER):
        its = arn_of(link, table)
        wanted += [("ledger", operations(*OF_A_START), its)]
        wanted += [("lists", operations("Query"), f"{its}/index/batch")]
    if all(look_at_role(link, "trigger-role", found, *each) for each in wanted):
        link.fine("its role may start calls")


def _time(link: Link, function: LambdaName, found: Answer) -> None:
    timeout = int(found.get("Timeout", 3))
    if not SHORTEST_SECONDS <= timeout <= LEASE_SECONDS:
        link.wrong(
            "trigger-timeout",
            f"its timeout is {timeout} s: below {SHORTEST_SECONDS} s no call is started, and what "
            f"takes more than {LEASE_SECONDS} s is another execution's to start",
            *configure(function, "--timeout 30"),
        )


def _look_at_policy(
    report: Report,
    function: LambdaName,
    said: Mapping[str, str],
    identity: str,
    quotas: Mapping[str, float],
) -> Iterable[str]:
    """The dial policy. The numbers that are called from."""
    with report.link("dial policy", function.name, function.region) as link:

        def wrong(fault: str, says: str, parameter: str) -> None:
            link.wrong(fault, says, *redeploy(parameter))

        if said[APPLICATION] != identity:
            is_set = f"is {said[APPLICATION]}, and not {identity}" if said[APPLICATION] else ""
            wrong(
                "dial-application",
                f"{APPLICATION} {is_set or 'is empty'}: the trigger does not call with this one",
                "Line=STACK",
            )
        try:
            policy = DialPolicy.from_environment(said)
        except NotConfigured as error:
            link.wrong("dial-policy", str(error), *redeploy())
            return ()
        if not policy.destinations:
            wrong(
                "dial-destinations",
                "OFFHOOK_DIAL_DESTINATIONS is empty: nobody may be called",
                "DialDestinations=US",
            )
        if not policy.from_numbers:
            wrong(
                "dial-from", "OFFHOOK_DIAL_FROM is empty: no number to call from", "DialFrom=+1..."
            )
        caps = {
            "PerDestination": policy.per_destination,
            "PerCaller": policy.per_caller,
            "PerDay": policy.per_day,
        }
        for name, cap in caps.items():
            if cap < 1:
                wrong("dial-caps", f"Dial{name} is 0: nobody may be called", f"Dial{name}=3")
        _rates(link, said, quotas)
        for name, (may_be, written) in SETTINGS.items():
            if not re.fullmatch(may_be, said.get(name, "")):
                says = (
                    f"{name} is {said[name]}: the trigger refuses what it is asked. Write {written}"
                )
                link.wrong("trigger-settings", says, *redeploy())
        link.fine(f"{', '.join(policy.destinations)} from {', '.join(policy.from_numbers)}")
        link.fine(f"{policy.hours}")
    return policy.from_numbers


def _rates(link: Link, said: Mapping[str, str], quotas: Mapping[str, float]) -> None:
    for name, parameter, quota in (
        ("OFFHOOK_CALLS_PER_SECOND", "CallsPerSecond", "CreateSipMediaApplicationCall a second"),
        (
            "OFFHOOK_UPDATES_PER_SECOND",
            "UpdatesPerSecond",
            "UpdateSipMediaApplicationCall a second",
        ),
        ("OFFHOOK_CALLS_UP", "CallsUp", "active calls"),
    ):
        try:
            value = float(said.get(name) or quotas[quota])
        except ValueError:
            value = 0
        if not 0 < value <= quotas[quota]:
            link.wrong(
                "rates",
                f"{name} is {said[name]}, and the account's quota ({quota}) is {quotas[quota]:g}",
                *redeploy(f"{parameter}={quotas[quota]:g}"),
            )


def _look_at_queue(
    report: Report, function: LambdaName, found: Answer, fed: Sequence[Answer]
) -> None:
    dead = variables(found).get("OFFHOOK_DEAD_LETTERS", "")
    queues = [one for one in fed if ":sqs:" in str(one.get("EventSourceArn"))]
    if not queues and not dead:
        return
    with report.link("queue", function.name, function.region) as link:
        if not queues:
            link.wrong(
                "queue-unread",
                "nothing feeds it with the messages of a queue (no event source mapping)",
                *redeploy(),
            )
        for mapping in queues:
            _mapping(link, mapping, found)
        _dead_letters(link, dead, found)
        link.fine("is read")


def _mapping(link: Link, mapping: Answer, found: Answer) -> None:
    arn, timeout = str(mapping["EventSourceArn"]), int(found.get("Timeout", 3))
    link.what = arn
    update = f"aws lambda update-event-source-mapping --uuid {mapping['UUID']}"
    if mapping.get("State") not in ("Enabled", "Enabling", "Updating", "Creating"):
        link.wrong("queue-unread", f"its mapping is {mapping.get('State')}", f"{update} --enabled")
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or ()):
        link.wrong(
            "queue-reports",
            "a failed request is not told from the others of its batch: all come again",
            f"{update} --function-response-types ReportBatchItemFailures",
        )
    *_, account, name = arn.split(":")
    where = link.ask("sqs", "GetQueueUrl", QueueName=name, QueueOwnerAWSAccountId=account)
    if where is None:
        return
    if not where:
        link.wrong("queue-missing", "there is no such queue", *redeploy())
        return
    look_at_role(link, "queue-role", found, "queues", [f"sqs:{name}" for name in READS], arn)
    url = str(where["QueueUrl"])
    told = link.ask("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    if not told:
        return
    attributes: Answer = told["Attributes"]
    change = f"aws sqs set-queue-attributes --queue-url {url} --attributes"
    if int(attributes["VisibilityTimeout"]) < 6 * timeout:
        link.wrong(
            "queue-visibility",
            f"a message is seen again after {attributes['VisibilityTimeout']} s: six times the "
            f"trigger's timeout of {timeout} s is what Lambda asks for",
            f"{change} VisibilityTimeout={6 * timeout}",
        )
    if not attributes.get("RedrivePolicy"):
        link.wrong(
            "queue-redrive",
            "it has no dead letters: what fails for ever comes for ever",
            *redeploy(),
        )


def _dead_letters(link: Link, url: str, found: Answer) -> None:
    if not url:
        return
    told = link.ask("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    if told is None:
        return
    if not told:
        link.wrong("queue-missing", f"there are no dead letters {url}", *redeploy())
        return
    attributes: Answer = told["Attributes"]
    look_at_role(
        link, "queue-role", found, "dead-letters", ["sqs:SendMessage"], attributes["QueueArn"]
    )
    if waiting := int(attributes.get("ApproximateNumberOfMessages", 0)):
        link.wrong(
            "dead-letters",
            f"{waiting} requests were given up: each says why, in its attributes error and message",
            f"aws sqs receive-message --queue-url {url} --message-attribute-names All "
            "--visibility-timeout 0",
        )
