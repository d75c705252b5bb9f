"""Each way in which a link of the line can be broken, and what the doctor has to say then."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from offhook.emulator.service.records import Endpoint, Target
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
ELSEWHERE = "999999999999"


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


def _application(line: Line) -> Any:
    return line.server.service.account.holdings.applications[line.application]


def _invokes(arn: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        _application(line).endpoints = [Endpoint(LambdaArn=arn)]

    return breaks


def _targets(*targets: tuple[str, int, str]) -> Callable[[Line], None]:
    """`ours` stands for the application."""

    def breaks(line: Line) -> None:
        line.rule.target_applications = [
            Target(
                SipMediaApplicationId=identity.replace("ours", line.application),
                Priority=priority,
                AwsRegion=region,
            )
            for identity, priority, region in targets
        ]

    return breaks


def _set(of: Callable[[Line], Any], **values: object) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        for name, value in values.items():
            setattr(of(line), name, value)

    return breaks


def _permission(**more: str) -> Callable[[Line], None]:
    """Another than there is; without words, none."""

    def breaks(line: Line) -> None:
        line("lambda").remove_permission(
            FunctionName="calls", StatementId="phone", Qualifier="live"
        )
        if more:
            line.permits(**more)

    return breaks


def _open(line: Line) -> None:
    line("lambda").remove_permission(FunctionName="calls", StatementId="phone", Qualifier="live")
    line("lambda").add_permission(
        FunctionName="calls", Qualifier="live", StatementId="phone", Principal=SERVICE,
        Action="lambda:InvokeFunction",
    )  # fmt: skip


def _on_the_function(line: Line) -> None:
    line("lambda").remove_permission(FunctionName="calls", StatementId="phone", Qualifier="live")
    line("lambda").add_permission(
        FunctionName="calls", StatementId="phone", Principal=SERVICE, SourceAccount=ACCOUNT,
        Action="lambda:InvokeFunction",
    )  # fmt: skip
    line.permission_is_on("phone", CALLS)


def _state(function: str, qualifier: str | None = None) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        found = line.function(function, qualifier)
        found.state = "Failed"

    return breaks


def _errors(line: Line) -> None:
    line.counts("AWS/Lambda", "Errors", 3, {"FunctionName": "calls"})
    line.logs("/aws/lambda/calls", "[ERROR] KeyError: 'Nothing'")


def _role(role: str, name: str) -> Callable[[Line], None]:
    return lambda line: line("iam").delete_role_policy(RoleName=role, PolicyName=name)


def _no_group(line: Line) -> None:
    line("logs").delete_log_group(logGroupName="/aws/lambda/calls")


def _bucket(bucket: str, kind: str, region: str = "") -> Callable[[Line], None]:
    """Another one, which there is where a region is named."""

    def breaks(line: Line) -> None:
        if region:
            where = {"LocationConstraint": region}
            line("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
            actions = ["s3:GetObject"] if kind == "PROMPTS" else ["s3:PutObject", "s3:PutObjectAcl"]
            line.put_policy(bucket, *actions)
        line.sets("calls", **{f"OFFHOOK_{kind}_BUCKET": bucket})

    return breaks


def _policy(bucket: str, *actions: str, **more: object) -> Callable[[Line], None]:
    return lambda line: line.put_policy(bucket, *actions, **more)


def _no_policy(bucket: str) -> Callable[[Line], None]:
    return lambda line: line("s3").delete_bucket_policy(Bucket=bucket)


def _own_key(bucket: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line.encrypts(bucket, line("kms").create_key()["KeyMetadata"]["Arn"])

    return breaks


def _prompt(body: bytes, content_type: str = "audio/wav") -> Callable[[Line], None]:
    return lambda line: line("s3").put_object(
        Bucket=PROMPTS, Key="other.wav", Body=body, ContentType=content_type
    )


def _log_off(line: Line) -> None:
    line("chime-sdk-voice").put_sip_media_application_logging_configuration(
        SipMediaApplicationId=line.application,
        SipMediaApplicationLoggingConfiguration={"EnableSipMediaApplicationMessageLogs": False},
    )


def _said(text: str) -> Callable[[Line], None]:
    return lambda line: line.logs(line.message_log, f'{{"message":"{text}"}}')


def _sets(**variables: str) -> Callable[[Line], None]:
    return lambda line: line.sets("trigger", **variables)


def _ledger(key: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line("dynamodb").delete_table(TableName="ledger")
        if key:
            line.makes_ledger(key)

    return breaks


def _deliveries(key: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line("dynamodb").delete_table(TableName="deliveries")
        if key:
            line.makes_deliveries(key)

    return breaks


def _no_index(line: Line) -> None:
    line("dynamodb").delete_table(TableName="ledger")
    line.makes_ledger(index="other")


def _key_goes(bucket: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        kms = line("kms")
        key = kms.create_key(Policy=OPEN_KEY)["KeyMetadata"]
        line.encrypts(bucket, key["Arn"])
        kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    return breaks


def _code(line: Line) -> None:
    line.function("calls", "live").code_sha_256 = "another"


def _mapping(**changes: Any) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        functions = line("lambda")
        uuid = functions.list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
        functions.update_event_source_mapping(UUID=uuid, **changes)

    return breaks


def _no_mapping(line: Line) -> None:
    functions = line("lambda")
    uuid = functions.list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
    functions.delete_event_source_mapping(UUID=uuid)


def _queue(**attributes: str) -> Callable[[Line], None]:
    return lambda line: line("sqs").set_queue_attributes(QueueUrl=line.queue, Attributes=attributes)


def _apart(line: Line) -> None:
    line.sets("calls", OFFHOOK_LEDGER="other")


OPEN_KEY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)
AFAR = f"arn:aws:lambda:{REGION}:{ELSEWHERE}:function:calls"
OTHER_APPLICATION = "11111111-2222-3333-4444-555555555555"

FAULTS = (
    Fault("number-deleted", "number", "in the deletion queue", _set(lambda line: line.number, deletion_timestamp=LATER)),
    Fault("number-status", "number", "AcquireInProgress", _set(lambda line: line.number, acquired_timestamp=LATER)),
    Fault("number-product", "number", "product type is VoiceConnector", _set(lambda line: line.number, product_type="VoiceConnector")),
    Fault("number-missing", "number", "not a number of this account", lambda line: line.server.service.account.holdings.numbers.clear()),
    Fault("no-rule", "rule", "no SIP rule has it", lambda line: line.server.service.account.holdings.rules.clear(), is_alone=True),
    Fault("rule-disabled", "rule", "it is disabled", _set(lambda line: line.rule, disabled=True)),
    Fault("rule-targets", "rule", "same priority (1, 1)", _targets(("ours", 1, REGION), ("ours", 1, REGION))),
    Fault("rule-region", "rule", "not in sa-east-1", _targets(("ours", 1, "sa-east-1"), ("ours", 2, REGION)), is_alone=True),
    Fault("application-missing", "application", "no such application in us-east-1", _targets((OTHER_APPLICATION, 1, REGION)), is_alone=True),
    Fault("function-region", "application", "is in us-west-2, and the application in us-east-1", _invokes(f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:calls"), is_alone=True),
    Fault("function-missing", "function", f"in account {ELSEWHERE}", _invokes(AFAR), is_alone=True),
    Fault("function-missing", "function", "no such function", _invokes(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gone"), is_alone=True),
    Fault("function-missing", "function", "no such alias", _invokes(f"{CALLS}:next"), is_alone=True),
    Fault("function-state", "function", "state is Failed", _state("calls", "live")),
    Fault("trigger-state", "trigger", "state is Failed", _state("trigger")),
    Fault("permission", "function", "may not invoke it", _permission()),
    Fault("permission", "function", f"no statement names {SERVICE}", _permission(Principal="lex.amazonaws.com")),
    Fault("permission", "function", f"SourceAccount {ELSEWHERE}, and not for {ACCOUNT}", _permission(SourceAccount=ELSEWHERE)),
    Fault("permission", "function", "no statement allows lambda:InvokeFunction", _permission(Action="lambda:InvokeFunctionUrl")),
    Fault("permission", "function", "SourceArn arn:aws:chime:us-east-1:123456789012:sma/other", _permission(SourceArn=f"arn:aws:chime:{REGION}:{ACCOUNT}:sma/other")),
    Fault("permission", "function", "the application invokes its live", _on_the_function),
    Fault("permission-open", "function", "any account's application", _open),
    Fault("function-timeout-short", "function", "its timeout is 3 s", lambda line: line.deploys("calls", Timeout=3)),
    Fault("function-timeout-long", "function", "hangs up after 20 s", lambda line: line.deploys("calls", Timeout=60)),
    Fault("function-memory", "function", "it has 128 MB", lambda line: line.deploys("calls", MemorySize=128)),
    Fault("concurrency-zero", "function", "reserved concurrency is 0", lambda line: line("lambda").put_function_concurrency(FunctionName="calls", ReservedConcurrentExecutions=0)),
    Fault("function-errors", "function", "3 invocations failed in the last 24 hours; the last: [ERROR] KeyError", _errors),
    Fault("function-throttles", "function", "7 invocations were throttled", lambda line: line.counts("AWS/Lambda", "Throttles", 7, {"FunctionName": "calls"})),
    Fault("stale-version", "function", "runs a version in which WORKSHOP", lambda line: line("lambda").update_function_configuration(FunctionName="calls", Environment={"Variables": {**line.variables("calls"), "WORKSHOP": "2"}})),
    Fault("stale-version", "function", "runs a version in which the code", _code),
    Fault("bridge-policy", "function", "+44 is several countries", lambda line: line.sets("calls", OFFHOOK_DIAL_DESTINATIONS="+44")),
    Fault("function-log", "function log", "role may not write there", _role("calls", "logs")),
    Fault("function-log", "function log", "no such group", _no_group),
    Fault("prompts-missing", "prompts", "no such bucket", _bucket("line-gone", "PROMPTS"), is_alone=True),
    Fault("prompts-region", "prompts", "in us-west-2, and the application in us-east-1", _bucket("line-far", "PROMPTS", "us-west-2"), is_alone=True),
    Fault("prompts-policy", "prompts", "it has no policy", _no_policy(PROMPTS)),
    Fault("prompts-policy", "prompts", "no statement allows s3:GetObject", _policy(PROMPTS, "s3:PutObject")),
    Fault("prompts-policy", "prompts", "no statement names", _policy(PROMPTS, "s3:GetObject", Principal={"Service": "lex.amazonaws.com"})),
    Fault("prompts-policy", "prompts", f"SourceAccount {ELSEWHERE}", _policy(PROMPTS, "s3:GetObject", Condition={"StringEquals": {"aws:SourceAccount": ELSEWHERE}})),
    Fault("prompts-policy", "prompts", "SourceArn arn:aws:chime:eu-west-1", _policy(PROMPTS, "s3:GetObject", Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:chime:eu-west-1:{ACCOUNT}:sma/*"}})),
    Fault("prompts-policy", "prompts", "and not on arn:aws:s3:::line-prompts/any", _policy(PROMPTS, "s3:GetObject", Resource=f"arn:aws:s3:::{PROMPTS}")),
    Fault("prompts-key", "prompts", "AWS's own key", lambda line: line.encrypts(PROMPTS, "")),
    Fault("prompts-key", "prompts", "may not use its key", _own_key(PROMPTS)),
    Fault("prompts-key", "prompts", "PendingDeletion", _key_goes(PROMPTS)),
    Fault("prompt-type", "prompts", "other.wav (binary/octet-stream)", _prompt(wav(), "binary/octet-stream")),
    Fault("prompt-wav", "prompts", "other.wav is no PCM wav", _prompt(b"ID3\x04" + bytes(5000))),
    Fault("prompt-wav", "prompts", "other.wav is no PCM wav", _prompt(b"")),
    Fault("prompt-size", "prompts", "other.wav has 51 MB", _prompt(wav() + bytes(51_000_000))),
    Fault("recordings-missing", "recordings", "no such bucket", _bucket("line-gone", "RECORDINGS"), is_alone=True),
    Fault("recordings-region", "recordings", "it is in us-west-2", _bucket("line-far", "RECORDINGS", "us-west-2"), is_alone=True),
    Fault("recordings-policy", "recordings", "it has no policy", _no_policy(RECORDINGS)),
    Fault("recordings-policy", "recordings", "no statement allows s3:PutObjectAcl", _policy(RECORDINGS, "s3:PutObject")),
    Fault("recordings-ownership", "recordings", "BucketOwnerEnforced", lambda line: line.owns("BucketOwnerEnforced")),
    Fault("recordings-key", "recordings", "kms:GenerateDataKey", _own_key(RECORDINGS)),
    Fault("recordings-key", "recordings", "PendingDeletion", _key_goes(RECORDINGS)),
    Fault("deliveries-missing", "deliveries", "no such table: each flow", _deliveries("")),
    Fault("deliveries-key", "deliveries", "its key is pk (HASH)", _deliveries("pk")),
    Fault("deliveries-role", "deliveries", "no statement allows dynamodb:DeleteItem", _role("calls", "deliveries")),
    Fault("deliveries-ttl", "deliveries", "TTL of expiration", lambda line: line.expires(False, "deliveries", "expiration")),
    Fault("message-log-off", "message log", "it is off", _log_off),
    Fault("message-log-destination", "message log", "nothing was written there yet", lambda line: line("logs").delete_log_group(logGroupName=line.message_log)),
    Fault("said-denied", "message log", "1 times in the last 24 hours: “Access denied", _said("Access denied while invoking the AWS Lambda function.")),
    Fault("said-throttled", "message log", "was throttled.", _said("The AWS Lambda function was throttled.")),
    Fault("said-timed-out", "message log", "operation timed out.", _said("AWS Lambda client operation timed out.")),
    Fault("said-reply", "message log", "a first reply without actions", _said("Actions list is empty.")),
    Fault("quota-reached", "quotas", "20 calls were active at once", lambda line: line.counts("AWS/ChimeVoiceConnector", "SmaActiveCallCount", 20, {"Region": REGION})),
    Fault("trigger-role", "trigger", "no statement allows chime:CreateSipMediaApplicationCall", _role("trigger", "calls")),
    Fault("trigger-role", "trigger", "chime:CreateSipMediaApplicationCall is allowed on", lambda line: line.may("trigger", "calls", ["chime:*"], f"arn:aws:chime:{REGION}:{ACCOUNT}:sma/")),
    Fault("trigger-role", "trigger", "dynamodb:ConditionCheckItem", _role("trigger", "ledger")),
    Fault("trigger-role", "trigger", "dynamodb:Query", _role("trigger", "lists")),
    Fault("trigger-timeout", "trigger", "its timeout is 3 s", lambda line: line("lambda").update_function_configuration(FunctionName="trigger", Timeout=3)),
    Fault("trigger-timeout", "trigger", "its timeout is 120 s", lambda line: (line("lambda").update_function_configuration(FunctionName="trigger", Timeout=120), _queue(VisibilityTimeout="720")(line))),
    Fault("trigger-concurrency-zero", "trigger", "reserved concurrency is 0", lambda line: line("lambda").put_function_concurrency(FunctionName="trigger", ReservedConcurrentExecutions=0)),
    Fault("dial-application", "dial policy", "is empty", _sets(OFFHOOK_SIP_MEDIA_APPLICATION_ID="")),
    Fault("dial-application", "dial policy", f"is {OTHER_APPLICATION}, and not", _sets(OFFHOOK_SIP_MEDIA_APPLICATION_ID=OTHER_APPLICATION)),
    Fault("dial-destinations", "dial policy", "nobody may be called", _sets(OFFHOOK_DIAL_DESTINATIONS="")),
    Fault("dial-policy", "dial policy", "OFFHOOK_DIAL_HOURS", _sets(OFFHOOK_DIAL_HOURS="always")),
    Fault("dial-from", "dial policy", "no number to call from", _sets(OFFHOOK_DIAL_FROM="")),
    Fault("number-missing", "number", "not a number of this account", _sets(OFFHOOK_DIAL_FROM="+15550100999"), is_alone=True),
    Fault("dial-caps", "dial policy", "DialPerDay is 0", _sets(OFFHOOK_DIAL_PER_DAY="0")),
    Fault("rates", "dial policy", "OFFHOOK_CALLS_PER_SECOND is 3", _sets(OFFHOOK_CALLS_PER_SECOND="3")),
    Fault("rates", "dial policy", "OFFHOOK_CALLS_UP is 25", _sets(OFFHOOK_CALLS_UP="25")),
    Fault("trigger-settings", "dial policy", "OFFHOOK_KEYS is mine", _sets(OFFHOOK_KEYS="mine")),
    Fault("trigger-settings", "dial policy", "OFFHOOK_LEDGER_DAYS is 0", _sets(OFFHOOK_LEDGER_DAYS="0")),
    Fault("ledger-missing", "ledger", "no such table", _ledger("")),
    Fault("ledger-missing", "ledger", "OFFHOOK_LEDGER is not set", _sets(OFFHOOK_LEDGER=""), is_alone=True),
    Fault("ledger-key", "ledger", "its key is id (HASH)", _ledger("id")),
    Fault("ledger-ttl", "ledger", "nothing in it expires", lambda line: line.expires(False)),
    Fault("ledger-index", "ledger", "no index batch", _no_index),
    Fault("ledger-role", "ledger", "the role of calls may not use table/ledger", _role("calls", "ledger")),
    Fault("dialling-stopped", "ledger", "all dialling is stopped", Line.stops),
    Fault("ledger-apart", "ledger", "has other in OFFHOOK_LEDGER", _apart, is_alone=True),
    Fault("queue-unread", "queue", "its mapping is Disabled", _mapping(Enabled=False)),
    Fault("queue-unread", "queue", "nothing feeds it", _no_mapping),
    Fault("queue-reports", "queue", "all come again", _mapping(FunctionResponseTypes=[])),
    Fault("queue-visibility", "queue", "seen again after 30 s", _queue(VisibilityTimeout="30")),
    Fault("queue-missing", "queue", "no such queue", lambda line: line("sqs").delete_queue(QueueUrl=line.queue)),
    Fault("queue-missing", "queue", "no dead letters", lambda line: line("sqs").delete_queue(QueueUrl=line.dead_letters)),
    Fault("queue-role", "queue", "sqs:ChangeMessageVisibility", _role("trigger", "queues")),
    Fault("queue-role", "queue", "sqs:SendMessage", _role("trigger", "dead-letters")),
    Fault("queue-redrive", "queue", "it has no dead letters", _queue(RedrivePolicy="")),
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
