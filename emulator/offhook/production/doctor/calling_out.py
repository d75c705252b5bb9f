"""Calling out: the trigger, its dial policy, the ledger, the queue."""

from collections.abc import Iterable, Mapping, Sequence

from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.errors import NotConfigured
from offhook.production.doctor.account import Answer, part, parts
from offhook.production.doctor.functions import (
    APPLICATION,
    LambdaName,
    look_at_concurrency,
    look_at_configuration,
    redeploy,
    variables,
)
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.policies import Request, why_not
from offhook.production.doctor.roles import allow, role_policies
from offhook.production.doctor.routing import look_at_number

LEDGER = "OFFHOOK_LEDGER"


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
        _look_at_trigger(report, identity, region, trigger, mappings, quotas, ledger)


def _look_at_trigger(
    report: Report,
    identity: str,
    region: str,
    latest: Answer,
    mappings: Sequence[Answer] | None,
    quotas: Mapping[str, float],
    ledger: str | None,
) -> None:
    own = LambdaName(str(latest["FunctionArn"]))
    fed = [one for one in mappings or () if LambdaName(str(one["FunctionArn"])).name == own.name]
    function = LambdaName(str(fed[0]["FunctionArn"])) if fed else own
    with report.link("trigger", function.arn, region) as link:
        found = look_at_configuration(link, function, "trigger-state", "trigger-state") or latest
        look_at_concurrency(link, function, "trigger-concurrency-zero")
        _role(link, found, identity)
        link.fine(f"{found.get('Timeout')} s")
    said = variables(found)
    numbers = _look_at_policy(report, function, said, identity, quotas)
    for number in numbers:
        look_at_number(report, number)
    if said.get(LEDGER):
        _look_at_ledger(report, said[LEDGER], region, ledger)
    else:
        with report.link("ledger", function.name, region) as link:
            link.wrong("ledger-missing", f"{LEDGER} is not set: the trigger refuses all calls")
    if mappings is not None:
        _look_at_queue(report, function, found, fed)


def _role(link: Link, found: Answer, identity: str) -> None:
    role = str(found.get("Role", ""))
    documents = role_policies(link, role)
    if documents is None:
        return
    account = link.account
    application = f"arn:{account.partition}:chime:{link.region}:{account.id}:sma/{identity}"
    wanted = [
        ("calls", "chime:CreateSipMediaApplicationCall", application),
        ("calls", "chime:UpdateSipMediaApplicationCall", application),
    ]
    if table := variables(found).get(LEDGER):
        arn = f"arn:{account.partition}:dynamodb:{link.region}:{account.id}:table/{table}"
        operations = ("ConditionCheckItem", "GetItem", "UpdateItem")
        wanted += [("ledger", f"dynamodb:{operation}", arn) for operation in operations]
    for name, action, resource in wanted:
        if why := why_not(documents, Request(action=action, resource=resource)):
            actions = [act for what, act, _ in wanted if what == name]
            link.wrong(
                "trigger-role",
                f"its role may not use {resource.rpartition(':')[2]}: {why}",
                allow(role, name, actions, resource),
            )
            return
    link.fine("its role may start calls")


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


def _look_at_ledger(report: Report, table: str, region: str, callers: str | None) -> None:
    with report.link("ledger", table, region) as link:
        found = link.ask("dynamodb", "DescribeTable", TableName=table)
        if found is None:
            return
        if not found:
            link.wrong(
                "ledger-missing",
                "there is no such table: the trigger refuses all calls",
                f"aws dynamodb create-table --table-name {table} --billing-mode PAY_PER_REQUEST "
                "--attribute-definitions AttributeName=pk,AttributeType=S "
                "--key-schema AttributeName=pk,KeyType=HASH",
            )
            return
        shown: Answer = found["Table"]
        keys = [(key["AttributeName"], key["KeyType"]) for key in parts(shown, "KeySchema")]
        kinds = {
            one["AttributeName"]: one["AttributeType"] for one in shown["AttributeDefinitions"]
        }
        if keys != [("pk", "HASH")] or kinds.get("pk") != "S":
            link.wrong(
                "ledger-key",
                f"its key is {', '.join(f'{name} ({kind})' for name, kind in keys)}; a ledger's is "
                "the string pk alone: let another table be made",
                *redeploy(calls_out=False),
            )
        if callers is not None and callers != table:
            link.wrong(
                "ledger-apart",
                f"the function that answers has {callers or 'none'} in {LEDGER}: what becomes of "
                "calls is not told here, and calls up are counted too long",
                *redeploy("Line=STACK"),
            )
        lives = link.ask("dynamodb", "DescribeTimeToLive", TableName=table)
        ttl = part(lives, "TimeToLiveDescription")
        is_on = ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        if lives is not None and not (is_on and ttl.get("AttributeName") == "expires_at"):
            link.wrong(
                "ledger-ttl",
                "nothing in it expires (TTL of expires_at): it grows, with the numbers in it",
                f"aws dynamodb update-time-to-live --table-name {table} "
                "--time-to-live-specification Enabled=true,AttributeName=expires_at",
            )
        link.fine("the trigger can remember calls")


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
            _mapping(link, mapping, int(found.get("Timeout", 3)))
        _dead_letters(link, dead)
        link.fine("is read")


def _mapping(link: Link, mapping: Answer, timeout: int) -> None:
    arn = str(mapping["EventSourceArn"])
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
    url = str(where["QueueUrl"])
    found = link.ask("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    if not found:
        return
    attributes: Answer = found["Attributes"]
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


def _dead_letters(link: Link, url: str) -> None:
    if not url:
        return
    found = link.ask("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    if found is None:
        return
    if not found:
        link.wrong("queue-missing", f"there are no dead letters {url}", *redeploy())
    elif waiting := int(found["Attributes"].get("ApproximateNumberOfMessages", 0)):
        link.wrong(
            "dead-letters",
            f"{waiting} requests were given up: each says why, in its attributes error and message",
            f"aws sqs receive-message --queue-url {url} --message-attribute-names All "
            "--visibility-timeout 0",
        )
