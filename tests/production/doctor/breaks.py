"""What breaks a link of the line."""

import json
from collections.abc import Callable
from typing import Any

from offhook.emulator.service.records import Endpoint, Target
from tests.production.doctor.line import (
    ACCOUNT,
    CALLS,
    PROMPTS,
    SERVICE,
    Line,
    wav,
)


def application(line: Line) -> Any:
    return line.server.service.account.holdings.applications[line.application]


def invokes(arn: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        application(line).endpoints = [Endpoint(LambdaArn=arn)]

    return breaks


def leads_to(*targets: tuple[str, int, str]) -> Callable[[Line], None]:
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


def puts(of: Callable[[Line], Any], **values: object) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        for name, value in values.items():
            setattr(of(line), name, value)

    return breaks


def permits(**more: str) -> Callable[[Line], None]:
    """Another than there is; without words, none."""

    def breaks(line: Line) -> None:
        line("lambda").remove_permission(
            FunctionName="calls", StatementId="phone", Qualifier="live"
        )
        if more:
            line.permits(**more)

    return breaks


def is_open(line: Line) -> None:
    line("lambda").remove_permission(FunctionName="calls", StatementId="phone", Qualifier="live")
    line("lambda").add_permission(
        FunctionName="calls", Qualifier="live", StatementId="phone", Principal=SERVICE,
        Action="lambda:InvokeFunction",
    )  # fmt: skip


def has_an_open_one_beside(line: Line) -> None:
    line("lambda").add_permission(
        FunctionName="calls", Qualifier="live", StatementId="open", Principal=SERVICE,
        Action="lambda:InvokeFunction",
    )  # fmt: skip


def is_by_its_url(line: Line) -> None:
    """What AWS wants of whoever invokes a function by its URL."""
    line("lambda").remove_permission(FunctionName="calls", StatementId="phone", Qualifier="live")
    line("lambda").add_permission(
        FunctionName="calls", Qualifier="live", StatementId="phone", Principal="*",
        Action="lambda:InvokeFunction",
    )  # fmt: skip
    (statement,) = line.function("calls").policy.statements
    statement["Condition"] = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}


def has_no_role(line: Line) -> None:
    iam = line("iam")
    for name in iam.list_role_policies(RoleName="calls")["PolicyNames"]:
        iam.delete_role_policy(RoleName="calls", PolicyName=name)
    iam.delete_role(RoleName="calls")


def has_weights(line: Line) -> None:
    functions = line("lambda")
    functions.update_function_configuration(FunctionName="calls", Timeout=3)
    version = functions.publish_version(FunctionName="calls")["Version"]
    weights = {"AdditionalVersionWeights": {version: 0.1}}
    functions.update_alias(FunctionName="calls", Name="live", RoutingConfig=weights)


def denies(bucket: str, condition: dict[str, object]) -> Callable[[Line], None]:
    """Beside what lets the service in."""

    def breaks(line: Line) -> None:
        document = json.loads(line("s3").get_bucket_policy(Bucket=bucket)["Policy"])
        where = f"arn:aws:s3:::{bucket}/*"
        denial = {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"}
        document["Statement"].append({**denial, "Resource": where, "Condition": condition})
        line("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))

    return breaks


def has_a_locked_prompt(line: Line) -> None:
    key = line("kms").create_key()["KeyMetadata"]["Arn"]
    line("s3").put_object(
        Bucket=PROMPTS, Key="locked.wav", Body=wav(), ContentType="audio/wav",
        ServerSideEncryption="aws:kms", SSEKMSKeyId=key,
    )  # fmt: skip


def is_on_the_function(line: Line) -> None:
    line("lambda").remove_permission(FunctionName="calls", StatementId="phone", Qualifier="live")
    line("lambda").add_permission(
        FunctionName="calls", StatementId="phone", Principal=SERVICE, SourceAccount=ACCOUNT,
        Action="lambda:InvokeFunction",
    )  # fmt: skip
    line.permission_is_on("phone", CALLS)


def fails(function: str, qualifier: str | None = None) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        found = line.function(function, qualifier)
        found.state = "Failed"

    return breaks


def has_errors(line: Line) -> None:
    line.counts("AWS/Lambda", "Errors", 3, {"FunctionName": "calls"})
    line.logs("/aws/lambda/calls", "[ERROR] KeyError: 'Nothing'")


def has_no_policy(role: str, name: str) -> Callable[[Line], None]:
    return lambda line: line("iam").delete_role_policy(RoleName=role, PolicyName=name)


def has_no_group(line: Line) -> None:
    line("logs").delete_log_group(logGroupName="/aws/lambda/calls")


def names(bucket: str, kind: str, region: str = "") -> Callable[[Line], None]:
    """Another one, which there is where a region is named."""

    def breaks(line: Line) -> None:
        if region:
            where = {"LocationConstraint": region}
            line("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
            actions = ["s3:GetObject"] if kind == "PROMPTS" else ["s3:PutObject", "s3:PutObjectAcl"]
            line.put_policy(bucket, *actions)
        line.sets("calls", **{f"OFFHOOK_{kind}_BUCKET": bucket})

    return breaks


def has_policy(bucket: str, *actions: str, **more: object) -> Callable[[Line], None]:
    return lambda line: line.put_policy(bucket, *actions, **more)


def lets_nobody_in(bucket: str) -> Callable[[Line], None]:
    return lambda line: line("s3").delete_bucket_policy(Bucket=bucket)


def has_own_key(bucket: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line.encrypts(bucket, line("kms").create_key()["KeyMetadata"]["Arn"])

    return breaks


def has_prompt(
    body: bytes, content_type: str = "audio/wav", key: str = "other.wav", silence: int = 0
) -> Callable[[Line], None]:
    """`silence`: so many bytes of it follow."""
    return lambda line: line("s3").put_object(
        Bucket=PROMPTS, Key=key, Body=body + bytes(silence), ContentType=content_type
    )


def logs_off(line: Line) -> None:
    line("chime-sdk-voice").put_sip_media_application_logging_configuration(
        SipMediaApplicationId=line.application,
        SipMediaApplicationLoggingConfiguration={"EnableSipMediaApplicationMessageLogs": False},
    )


def empties_the_message_log(line: Line) -> None:
    logs = line("logs")
    logs.delete_log_group(logGroupName=line.message_log)
    logs.create_log_group(logGroupName=line.message_log)


def denies_delivery(line: Line) -> None:
    empties_the_message_log(line)
    line.lets_deliver("Deny")


def complains(text: str) -> Callable[[Line], None]:
    return lambda line: line.logs(line.message_log, f'{{"message":"{text}"}}')


def dials(**variables: str) -> Callable[[Line], None]:
    return lambda line: line.sets("trigger", **variables)


def has_ledger(key: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line("dynamodb").delete_table(TableName="ledger")
        if key:
            line.makes_ledger(key)

    return breaks


def has_deliveries(key: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line("dynamodb").delete_table(TableName="deliveries")
        if key:
            line.makes_deliveries(key)

    return breaks


def has_index(**other: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        line("dynamodb").delete_table(TableName="ledger")
        line.makes_ledger(**other)

    return breaks


def loses_key(bucket: str) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        kms = line("kms")
        key = kms.create_key(Policy=OPEN_KEY)["KeyMetadata"]
        line.encrypts(bucket, key["Arn"])
        kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    return breaks


def has_other_code(line: Line) -> None:
    line.function("calls", "live").code_sha_256 = "another"


def maps(**changes: Any) -> Callable[[Line], None]:
    def breaks(line: Line) -> None:
        functions = line("lambda")
        uuid = functions.list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
        functions.update_event_source_mapping(UUID=uuid, **changes)

    return breaks


def has_no_mapping(line: Line) -> None:
    functions = line("lambda")
    uuid = functions.list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
    functions.delete_event_source_mapping(UUID=uuid)


def has_queue(**attributes: str) -> Callable[[Line], None]:
    return lambda line: line("sqs").set_queue_attributes(QueueUrl=line.queue, Attributes=attributes)


def is_apart(line: Line) -> None:
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
