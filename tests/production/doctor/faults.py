"""Each way in which a link of the line can be broken, and what the doctor has to say then."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from tests.production.doctor.breaks import (
    complains,
    denies,
    denies_delivery,
    dials,
    empties_the_message_log,
    fails,
    has_a_locked_prompt,
    has_an_open_one_beside,
    has_deliveries,
    has_errors,
    has_index,
    has_ledger,
    has_no_group,
    has_no_mapping,
    has_no_policy,
    has_no_role,
    has_other_code,
    has_own_key,
    has_policy,
    has_prompt,
    has_queue,
    has_weights,
    invokes,
    is_apart,
    is_by_its_url,
    is_on_the_function,
    is_open,
    leads_to,
    lets_nobody_in,
    logs_off,
    loses_key,
    maps,
    names,
    permits,
    puts,
)
from tests.production.doctor.line import (
    ACCOUNT,
    CALLS,
    PROMPTS,
    RECORDINGS,
    REGION,
    SERVICE,
    Line,
    wav,
)

LATER = datetime.now(UTC) + timedelta(days=3)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    name: str
    """As the doctor calls it."""
    link: str
    says: str
    """Words of what is said of it."""
    breaks: Callable[[Line], object]
    is_alone: bool = False
    """Whether it hides other links, or changes what they are."""

    def __str__(self) -> str:
        return f"{self.name}: {self.says}"


ELSEWHERE = "999999999999"
AFAR = f"arn:aws:lambda:{REGION}:{ELSEWHERE}:function:calls"
OTHER_APPLICATION = "11111111-2222-3333-4444-555555555555"

FAULTS = (
    Fault("number-deleted", "number", "in the deletion queue", puts(lambda line: line.number, deletion_timestamp=LATER)),
    Fault("number-status", "number", "AcquireInProgress", puts(lambda line: line.number, acquired_timestamp=LATER)),
    Fault("number-product", "number", "product type is VoiceConnector", puts(lambda line: line.number, product_type="VoiceConnector")),
    Fault("number-missing", "number", "not a number of this account", lambda line: line.server.service.account.holdings.numbers.clear()),
    Fault("no-rule", "rule", "no SIP rule has it", lambda line: line.server.service.account.holdings.rules.clear(), is_alone=True),
    Fault("rule-disabled", "rule", "it is disabled", puts(lambda line: line.rule, disabled=True)),
    Fault("rule-targets", "rule", "same priority (1, 1)", leads_to(("ours", 1, REGION), ("ours", 1, REGION))),
    Fault("rule-region", "rule", "not in sa-east-1", leads_to(("ours", 1, "sa-east-1"), ("ours", 2, REGION)), is_alone=True),
    Fault("rule-region", "rule", "the service is not in sa-east-1", leads_to(("ours", 1, REGION), ("ours", 2, "sa-east-1")), is_alone=True),
    Fault("application-missing", "application", "no such application in us-east-1", leads_to((OTHER_APPLICATION, 1, REGION)), is_alone=True),
    Fault("function-region", "application", "is in us-west-2, and the application in us-east-1", invokes(f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:calls"), is_alone=True),
    Fault("function-missing", "function", f"in account {ELSEWHERE}", invokes(AFAR), is_alone=True),
    Fault("function-missing", "function", "no such function", invokes(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gone"), is_alone=True),
    Fault("function-missing", "function", "no such alias", invokes(f"{CALLS}:next"), is_alone=True),
    Fault("function-state", "function", "state is Failed", fails("calls", "live")),
    Fault("trigger-state", "trigger", "state is Failed", fails("trigger")),
    Fault("permission", "function", "may not invoke it", permits()),
    Fault("permission", "function", f"no statement names {SERVICE}", permits(Principal="lex.amazonaws.com")),
    Fault("permission", "function", f"SourceAccount {ELSEWHERE}, and not for {ACCOUNT}", permits(SourceAccount=ELSEWHERE)),
    Fault("permission", "function", "no statement allows lambda:InvokeFunction", permits(Action="lambda:InvokeFunctionUrl")),
    Fault("permission", "function", "SourceArn arn:aws:chime:us-east-1:123456789012:sma/other", permits(SourceArn=f"arn:aws:chime:{REGION}:{ACCOUNT}:sma/other")),
    Fault("permission", "function", "the application invokes its live", is_on_the_function),
    Fault("permission-open", "function", "any account's application", is_open),
    Fault("permission-open", "function", "names no source account (open)", has_an_open_one_beside),
    Fault("permission", "function", "lambda:InvokedViaFunctionUrl true", is_by_its_url),
    Fault("permission", "function", "which can be given none", invokes(f"{CALLS}:$LATEST"), is_alone=True),
    Fault("function-state", "function", "its role calls is gone", has_no_role, is_alone=True),
    Fault("alias-weights", "function", "10% to version 2", has_weights),
    Fault("function-timeout-short", "function", "its timeout is 3 s", lambda line: line.deploys("calls", Timeout=3)),
    Fault("function-timeout-long", "function", "hangs up after 20 s", lambda line: line.deploys("calls", Timeout=60)),
    Fault("function-memory", "function", "it has 128 MB", lambda line: line.deploys("calls", MemorySize=128)),
    Fault("concurrency-zero", "function", "reserved concurrency is 0", lambda line: line("lambda").put_function_concurrency(FunctionName="calls", ReservedConcurrentExecutions=0)),
    Fault("function-errors", "function", "3 invocations failed in the last 24 hours; the last: [ERROR] KeyError", has_errors),
    Fault("function-throttles", "function", "7 invocations were throttled", lambda line: line.counts("AWS/Lambda", "Throttles", 7, {"FunctionName": "calls"})),
    Fault("stale-version", "function", "runs a version in which WORKSHOP", lambda line: line("lambda").update_function_configuration(FunctionName="calls", Environment={"Variables": {**line.variables("calls"), "WORKSHOP": "2"}})),
    Fault("stale-version", "function", "runs a version in which the code", has_other_code),
    Fault("bridge-policy", "function", "+44 is several countries", lambda line: line.sets("calls", OFFHOOK_DIAL_DESTINATIONS="+44")),
    Fault("function-log", "function log", "role may not write there", has_no_policy("calls", "logs")),
    Fault("function-log", "function log", "no such group", has_no_group),
    Fault("prompts-missing", "prompts", "no such bucket", names("line-gone", "PROMPTS"), is_alone=True),
    Fault("prompts-region", "prompts", "in us-west-2, and the application in us-east-1", names("line-far", "PROMPTS", "us-west-2"), is_alone=True),
    Fault("prompts-policy", "prompts", "it has no policy", lets_nobody_in(PROMPTS)),
    Fault("prompts-policy", "prompts", "no statement allows s3:GetObject", has_policy(PROMPTS, "s3:PutObject")),
    Fault("prompts-policy", "prompts", "no statement names", has_policy(PROMPTS, "s3:GetObject", Principal={"Service": "lex.amazonaws.com"})),
    Fault("prompts-policy", "prompts", f"SourceAccount {ELSEWHERE}", has_policy(PROMPTS, "s3:GetObject", Condition={"StringEquals": {"aws:SourceAccount": ELSEWHERE}})),
    Fault("prompts-policy", "prompts", "SourceArn arn:aws:chime:eu-west-1", has_policy(PROMPTS, "s3:GetObject", Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:chime:eu-west-1:{ACCOUNT}:sma/*"}})),
    Fault("prompts-policy", "prompts", "and not on arn:aws:s3:::line-prompts/any", has_policy(PROMPTS, "s3:GetObject", Resource=f"arn:aws:s3:::{PROMPTS}")),
    Fault("prompts-policy", "prompts", "PrincipalOrgID o-1, and not for a service", has_policy(PROMPTS, "s3:GetObject", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})),
    Fault("prompts-key", "prompts", "may not use its key", has_a_locked_prompt),
    Fault("prompts-key", "prompts", "AWS's own key", lambda line: line.encrypts(PROMPTS, "")),
    Fault("prompts-key", "prompts", "may not use its key", has_own_key(PROMPTS)),
    Fault("prompts-key", "prompts", "PendingDeletion", loses_key(PROMPTS)),
    Fault("prompt-type", "prompts", "other.wav (binary/octet-stream)", has_prompt(wav(), "binary/octet-stream")),
    Fault("prompt-wav", "prompts", "other.wav is no PCM wav", has_prompt(b"ID3\x04" + bytes(5000))),
    Fault("prompt-wav", "prompts", "other.wav is no PCM wav", has_prompt(b"")),
    Fault("prompt-type", "prompts", "LOUD.WAV (audio/mpeg)", has_prompt(wav(), "audio/mpeg", "LOUD.WAV")),
    Fault("prompt-wav", "prompts", "that's it; $(ls).wav is no", has_prompt(b"ID3", key="that's it; $(ls).wav")),
    Fault("prompt-size", "prompts", "other.wav has 51 MB", has_prompt(wav(), silence=51_000_000)),
    Fault("recordings-missing", "recordings", "no such bucket", names("line-gone", "RECORDINGS"), is_alone=True),
    Fault("recordings-region", "recordings", "it is in us-west-2", names("line-far", "RECORDINGS", "us-west-2"), is_alone=True),
    Fault("recordings-policy", "recordings", "it has no policy", lets_nobody_in(RECORDINGS)),
    Fault("recordings-policy", "recordings", "no statement allows s3:PutObjectAcl", has_policy(RECORDINGS, "s3:PutObject")),
    Fault("recordings-policy", "recordings", "a statement denies s3:PutObject (Closed)", denies(RECORDINGS, {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})),
    Fault("recordings-ownership", "recordings", "BucketOwnerEnforced", lambda line: line.owns("BucketOwnerEnforced")),
    Fault("recordings-key", "recordings", "kms:GenerateDataKey", has_own_key(RECORDINGS)),
    Fault("recordings-key", "recordings", "PendingDeletion", loses_key(RECORDINGS)),
    Fault("deliveries-missing", "deliveries", "no such table: each flow", has_deliveries("")),
    Fault("deliveries-key", "deliveries", "its key is pk (HASH)", has_deliveries("pk")),
    Fault("deliveries-role", "deliveries", "no statement allows dynamodb:DeleteItem", has_no_policy("calls", "deliveries")),
    Fault("deliveries-ttl", "deliveries", "TTL of expiration", lambda line: line.expires(False, "deliveries", "expiration")),
    Fault("message-log-off", "message log", "it is off", logs_off),
    Fault("message-log-destination", "message log", "nothing was written there yet", lambda line: line("logs").delete_log_group(logGroupName=line.message_log)),
    Fault("message-log-destination", "message log", "CloudWatch may not: no statement names delivery", empties_the_message_log),
    Fault("message-log-destination", "message log", "a statement denies logs:PutLogEvents", denies_delivery),
    Fault("said-denied", "message log", "1 times in the last 24 hours: “Access denied", complains("Access denied while invoking the AWS Lambda function.")),
    Fault("said-throttled", "message log", "was throttled.", complains("The AWS Lambda function was throttled.")),
    Fault("said-timed-out", "message log", "operation timed out.", complains("AWS Lambda client operation timed out.")),
    Fault("said-reply", "message log", "a first reply without actions", complains("Actions list is empty.")),
    Fault("quota-reached", "quotas", "20 calls were active at once", lambda line: line.counts("AWS/ChimeVoiceConnector", "SmaActiveCallCount", 20, {"Region": REGION})),
    Fault("trigger-role", "trigger", "no statement allows chime:CreateSipMediaApplicationCall", has_no_policy("trigger", "calls")),
    Fault("trigger-role", "trigger", "chime:CreateSipMediaApplicationCall is allowed on", lambda line: line.may("trigger", "calls", ["chime:*"], f"arn:aws:chime:{REGION}:{ACCOUNT}:sma/")),
    Fault("trigger-role", "trigger", "dynamodb:ConditionCheckItem", has_no_policy("trigger", "ledger")),
    Fault("trigger-role", "trigger", "dynamodb:Query", has_no_policy("trigger", "lists")),
    Fault("trigger-timeout", "trigger", "its timeout is 3 s", lambda line: line("lambda").update_function_configuration(FunctionName="trigger", Timeout=3)),
    Fault("trigger-timeout", "trigger", "its timeout is 120 s", lambda line: (line("lambda").update_function_configuration(FunctionName="trigger", Timeout=120), has_queue(VisibilityTimeout="720")(line))),
    Fault("trigger-concurrency-zero", "trigger", "reserved concurrency is 0", lambda line: line("lambda").put_function_concurrency(FunctionName="trigger", ReservedConcurrentExecutions=0)),
    Fault("dial-application", "dial policy", "is empty", dials(OFFHOOK_SIP_MEDIA_APPLICATION_ID="")),
    Fault("dial-application", "dial policy", f"is {OTHER_APPLICATION}, and not", dials(OFFHOOK_SIP_MEDIA_APPLICATION_ID=OTHER_APPLICATION)),
    Fault("dial-destinations", "dial policy", "nobody may be called", dials(OFFHOOK_DIAL_DESTINATIONS="")),
    Fault("dial-policy", "dial policy", "OFFHOOK_DIAL_HOURS", dials(OFFHOOK_DIAL_HOURS="always")),
    Fault("dial-from", "dial policy", "no number to call from", dials(OFFHOOK_DIAL_FROM="")),
    Fault("number-missing", "number", "not a number of this account", dials(OFFHOOK_DIAL_FROM="+15550100999"), is_alone=True),
    Fault("dial-caps", "dial policy", "DialPerDay is 0", dials(OFFHOOK_DIAL_PER_DAY="0")),
    Fault("rates", "dial policy", "OFFHOOK_CALLS_PER_SECOND is 3", dials(OFFHOOK_CALLS_PER_SECOND="3")),
    Fault("rates", "dial policy", "OFFHOOK_CALLS_UP is 25", dials(OFFHOOK_CALLS_UP="25")),
    Fault("trigger-settings", "dial policy", "OFFHOOK_KEYS is mine", dials(OFFHOOK_KEYS="mine")),
    Fault("trigger-settings", "dial policy", "OFFHOOK_LEDGER_DAYS is 0", dials(OFFHOOK_LEDGER_DAYS="0")),
    Fault("ledger-missing", "ledger", "no such table", has_ledger("")),
    Fault("ledger-missing", "ledger", "OFFHOOK_LEDGER is not set", dials(OFFHOOK_LEDGER=""), is_alone=True),
    Fault("ledger-key", "ledger", "its key is id (HASH)", has_ledger("id")),
    Fault("ledger-ttl", "ledger", "nothing in it expires", lambda line: line.expires(False)),
    Fault("ledger-index", "ledger", "no index batch", has_index(index="other")),
    Fault("ledger-index", "ledger", "but of ['batch', 'started_at']", has_index(sorted_by="started_at")),
    Fault("ledger-role", "ledger", "the role of calls may not use table/ledger", has_no_policy("calls", "ledger")),
    Fault("dialling-stopped", "ledger", "all dialling is stopped", Line.stops),
    Fault("ledger-apart", "ledger", "has other in OFFHOOK_LEDGER", is_apart, is_alone=True),
    Fault("queue-unread", "queue", "its mapping is Disabled", maps(Enabled=False)),
    Fault("queue-unread", "queue", "nothing feeds it", has_no_mapping),
    Fault("queue-reports", "queue", "all come again", maps(FunctionResponseTypes=[])),
    Fault("queue-visibility", "queue", "seen again after 30 s", has_queue(VisibilityTimeout="30")),
    Fault("queue-missing", "queue", "no such queue", lambda line: line("sqs").delete_queue(QueueUrl=line.queue)),
    Fault("queue-missing", "queue", "no dead letters", lambda line: line("sqs").delete_queue(QueueUrl=line.dead_letters)),
    Fault("queue-role", "queue", "sqs:ChangeMessageVisibility", has_no_policy("trigger", "queues")),
    Fault("queue-role", "queue", "sqs:SendMessage", has_no_policy("trigger", "dead-letters")),
    Fault("queue-redrive", "queue", "it has no dead letters", has_queue(RedrivePolicy="")),
    Fault("dead-letters", "queue", "1 requests were given up", lambda line: line("sqs").send_message(QueueUrl=line.dead_letters, MessageBody="{}")),
)  # fmt: skip


def rounds() -> Iterator[tuple[Fault, ...]]:
    """All faults, several at once where they are of different links, and none hides another."""
    of_links: dict[str, list[Fault]] = defaultdict(list)
    for fault in FAULTS:
        if fault.is_alone:
            yield (fault,)
        else:
            of_links[fault.link].append(fault)
    for together in zip_longest(*of_links.values()):
        yield tuple(fault for fault in together if fault)
