"""A line in an account that rings: a stack as template.yaml makes it, in moto and in our server."""

import io
import json
import os
import wave
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from offhook.emulator.server.listening import Server
from tests.production.doctor.recorded import Recorded

ACCOUNT = "123456789012"
REGION = "us-east-1"
OURS = "+15550100100"
SERVICE = "voiceconnector.chime.amazonaws.com"
CALLS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:calls"
PROMPTS, RECORDINGS = "line-prompts", "line-recordings"
QUOTAS: list[dict[str, object]] = [
    {"QuotaCode": f"L-{place}", "QuotaName": name, "Value": value}
    for place, (name, value) in enumerate(
        (
            ("Amazon Chime SDK SIP media application active calls", 20.0),
            ("Rate of CreateSipMediaApplicationCall requests", 2.0),
            ("Rate of UpdateSipMediaApplicationCall requests", 5.0),
        )
    )
]


def wav() -> bytes:
    """A second of silence."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return written.getvalue()


def _code() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "")
    return packed.getvalue()


@dataclass
class Line:
    """The account, through boto3 and as objects of the server."""

    server: Server
    recorded: Recorded
    moto: str
    is_as_built: bool = False
    """Whether nobody has had a client of it since, but the doctor."""
    _clients: dict[str, Any] = field(default_factory=dict[str, Any])

    def __call__(self, service: str) -> Any:
        """A client that may write."""
        self.is_as_built = False
        if service not in self._clients:
            session: Any = boto3.Session()
            self._clients[service] = session.client(
                service,
                endpoint_url=self.server.endpoint if service == "chime-sdk-voice" else self.moto,
                region_name=REGION,
                aws_access_key_id="builder",
                aws_secret_access_key="builder",
            )
        return self._clients[service]

    @property
    def environment(self) -> dict[str, str]:
        """What an SDK finds the account by."""
        return {
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "reader",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.moto,
            "AWS_ENDPOINT_URL_CHIME_SDK_VOICE": self.server.endpoint,
            "AWS_ENDPOINT_URL_CLOUDFORMATION": self.recorded.endpoint,
            "AWS_ENDPOINT_URL_SERVICE_QUOTAS": self.recorded.endpoint,
        }

    @property
    def application(self) -> str:
        """The id of the SIP media application."""
        return next(iter(self.server.service.account.holdings.applications))

    @property
    def rule(self) -> Any:
        """Its SIP rule, which a test may change."""
        account = self.server.service.account
        return account.rule(next(iter(account.holdings.rules)))

    @property
    def number(self) -> Any:
        """Its number."""
        return self.server.service.account.number(OURS)

    @property
    def application_arn(self) -> str:
        return f"arn:aws:chime:{REGION}:{ACCOUNT}:sma/{self.application}"

    @property
    def queue(self) -> str:
        return str(self("sqs").get_queue_url(QueueName="requests")["QueueUrl"])

    @property
    def dead_letters(self) -> str:
        return str(self("sqs").get_queue_url(QueueName="dead")["QueueUrl"])

    def build(self) -> None:
        """Make it all; whoever wants what moto has of it anew empties that before."""
        self.recorded.stacks = {
            "offhook-dev": [("AWS::Lambda::Function", "calls"), ("AWS::S3::Bucket", PROMPTS)]
        }
        self.recorded.quotas = QUOTAS
        self.recorded.denied = set()
        was_built = self.is_as_built
        self._application()
        if not was_built:
            self.makes_ledger()
            self.makes_deliveries()
            self._buckets()
            self._queues()
            self._functions()
            logs = self("logs")
            for group in ("/aws/lambda/calls", "/aws/lambda/trigger", self.message_log):
                logs.create_log_group(logGroupName=group)
            self.logs("/aws/lambda/calls", '{"level":"INFO","event":"NEW_INBOUND_CALL"}')
            self.logs(self.message_log, '{"message":"INVITE"}')
        self.is_as_built = True

    def _application(self) -> None:
        voice = self("chime-sdk-voice")
        voice.update_sip_media_application(
            SipMediaApplicationId=self.application, Endpoints=[{"LambdaArn": f"{CALLS}:live"}]
        )
        voice.put_sip_media_application_logging_configuration(
            SipMediaApplicationId=self.application,
            SipMediaApplicationLoggingConfiguration={"EnableSipMediaApplicationMessageLogs": True},
        )

    @property
    def message_log(self) -> str:
        return f"/aws/ChimeSipMediaApplicationSipMessages/{self.application}"

    def logs(self, group: str, text: str) -> None:
        """A line in a log group, now."""
        logs = self("logs")
        name = f"stream-{datetime.now(UTC).timestamp()}"
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        now = int(datetime.now(UTC).timestamp() * 1000)
        logs.put_log_events(
            logGroupName=group, logStreamName=name, logEvents=[{"timestamp": now, "message": text}]
        )

    def lets_deliver(self, effect: str) -> None:
        """Whether CloudWatch may write what services log."""
        statement = {
            "Effect": effect,
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/Chime*",
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self("logs").put_resource_policy(policyName="chime", policyDocument=document)

    def counts(self, namespace: str, metric: str, value: float, dimensions: dict[str, str]) -> None:
        """A point of a metric, a minute ago."""
        self("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {
                    "MetricName": metric,
                    "Value": value,
                    "Timestamp": datetime.now(UTC) - timedelta(minutes=1),
                    "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
                }
            ],
        )

    def put_policy(self, bucket: str, *actions: str, **more: Any) -> None:
        """A bucket's policy; `more` are parts of its statement. (Not with template.yaml's denial of
        unencrypted connections: moto knows no conditions, and would deny all.)"""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": SERVICE},
            "Action": list(actions),
            "Resource": f"arn:aws:s3:::{bucket}/*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:chime:{REGION}:{ACCOUNT}:sma/*"},
            },
            **more,
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        self("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))

    def may(self, role: str, name: str, actions: list[str], resource: str) -> None:
        """What a role may do, under a name."""
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        self("iam").put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    def permits(self, **more: str) -> None:
        """The permission of the service on the alias."""
        self("lambda").add_permission(
            **{
                "FunctionName": "calls",
                "Qualifier": "live",
                "StatementId": "phone",
                "Action": "lambda:InvokeFunction",
                "Principal": SERVICE,
                "SourceAccount": ACCOUNT,
                **more,
            }
        )

    def permission_is_on(self, name: str, arn: str) -> None:
        """What moto calls `$LATEST`, and AWS the function."""
        for statement in self.function("calls").policy.statements:
            if statement["Sid"] == name:
                statement["Resource"] = arn

    def function(self, name: str, qualifier: str | None = None) -> Any:
        """It, as moto has it: a test may change it."""
        from moto.awslambda.models import lambda_backends

        self.is_as_built = False
        return lambda_backends[ACCOUNT][REGION].get_function(name, qualifier)

    def deploys(self, function: str, **changes: Any) -> None:
        """A new version with other properties, behind the alias."""
        functions = self("lambda")
        functions.update_function_configuration(FunctionName=function, **changes)
        version = functions.publish_version(FunctionName=function)["Version"]
        functions.update_alias(FunctionName=function, Name="live", FunctionVersion=version)

    def sets(self, function: str, **variables: str) -> None:
        """Deploys other environment variables."""
        self.deploys(function, Environment={"Variables": {**self.variables(function), **variables}})

    def variables(self, function: str) -> dict[str, str]:
        """The environment variables that a function has."""
        found = self("lambda").get_function_configuration(FunctionName=function)
        return dict(found["Environment"]["Variables"])

    def _functions(self) -> None:
        for role in ("calls", "trigger"):
            self("iam").create_role(RoleName=role, AssumeRolePolicyDocument="{}")
            group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{role}:*"
            self.may(role, "logs", ["logs:CreateLogStream", "logs:PutLogEvents"], group)
        start = ["chime:CreateSipMediaApplicationCall", "chime:UpdateSipMediaApplicationCall"]
        self.may("trigger", "calls", start, self.application_arn)
        ledger = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table"
        self.may("calls", "ledger", ledger, f"{table}/ledger")
        deliveries = [*ledger, "dynamodb:DeleteItem", "dynamodb:PutItem"]
        self.may("calls", "deliveries", deliveries, f"{table}/deliveries")
        self.may("trigger", "ledger", [*ledger, "dynamodb:ConditionCheckItem"], f"{table}/ledger")
        self.may("trigger", "lists", ["dynamodb:Query"], f"{table}/ledger/index/*")
        queue = [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:Get*",
            "sqs:ReceiveMessage",
        ]
        self.may("trigger", "queues", queue, f"arn:aws:sqs:{REGION}:{ACCOUNT}:requests")
        dead = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
        self.may("trigger", "dead-letters", ["sqs:SendMessage"], dead)
        own = {
            "OFFHOOK_DELIVERIES": "deliveries",
            "OFFHOOK_LEDGER": "ledger",
            "OFFHOOK_PROMPTS_BUCKET": PROMPTS,
            "OFFHOOK_RECORDINGS_BUCKET": RECORDINGS,
        }
        self._function("calls", 20, own)
        self.permits()
        dial = {
            "OFFHOOK_CALLS_PER_SECOND": "1",
            "OFFHOOK_CALLS_UP": "10",
            "OFFHOOK_DEAD_LETTERS": self.dead_letters,
            "OFFHOOK_DIAL_DESTINATIONS": "US",
            "OFFHOOK_DIAL_FROM": OURS,
            "OFFHOOK_LEDGER": "ledger",
            "OFFHOOK_SIP_MEDIA_APPLICATION_ID": self.application,
        }
        self._function("trigger", 30, dial)
        self("lambda").create_event_source_mapping(
            EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:requests",
            FunctionName="trigger",
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )

    def _function(self, name: str, timeout: int, variables: dict[str, str]) -> None:
        functions = self("lambda")
        functions.create_function(
            FunctionName=name,
            Role=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            Runtime="python3.13",
            Handler="app.handler",
            Code={"ZipFile": _code()},
            Timeout=timeout,
            MemorySize=512,
            Environment={"Variables": variables},
        )
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.create_alias(FunctionName=name, Name="live", FunctionVersion=version)

    def makes_ledger(
        self, key: str = "pk", index: str = "batch", sorted_by: str = "asked_at"
    ) -> None:
        """A table with a key and an index of these names."""
        named = [key, "batch", sorted_by]
        listed = [("batch", "HASH"), (sorted_by, "RANGE")]
        self("dynamodb").create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in named],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index,
                    "KeySchema": [{"AttributeName": k, "KeyType": kind} for k, kind in listed],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        self.expires(True)

    def makes_deliveries(self, key: str = "id") -> None:
        """A table with a key of this name."""
        self("dynamodb").create_table(
            TableName="deliveries",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )
        self.expires(True, "deliveries", "expiration")

    def expires(self, is_on: bool, table: str = "ledger", when: str = "expires_at") -> None:
        """Whether what is in a table does."""
        self("dynamodb").update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={"Enabled": is_on, "AttributeName": when},
        )

    def stops(self) -> None:
        """Nobody is dialled, as `calls.stop` has it."""
        self("dynamodb").put_item(TableName="ledger", Item={"pk": {"S": "stopped"}})

    def _buckets(self) -> None:
        s3 = self("s3")
        for bucket in (PROMPTS, RECORDINGS):
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=PROMPTS, Key="hello.wav", Body=wav(), ContentType="audio/wav")
        self.put_policy(PROMPTS, "s3:GetObject")
        self.put_policy(RECORDINGS, "s3:PutObject", "s3:PutObjectAcl")
        self.owns("BucketOwnerPreferred")

    def owns(self, who: str) -> None:
        """Who owns the recordings."""
        self("s3").put_bucket_ownership_controls(
            Bucket=RECORDINGS, OwnershipControls={"Rules": [{"ObjectOwnership": who}]}
        )

    def encrypts(self, bucket: str, key: str) -> None:
        """With a key of KMS."""
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
        if key:
            rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] = key
        self("s3").put_bucket_encryption(
            Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
        )

    def _queues(self) -> None:
        sqs = self("sqs")
        sqs.create_queue(QueueName="dead")
        redrive = {
            "deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead",
            "maxReceiveCount": 1000,
        }
        sqs.create_queue(
            QueueName="requests",
            Attributes={"VisibilityTimeout": "180", "RedrivePolicy": json.dumps(redrive)},
        )
