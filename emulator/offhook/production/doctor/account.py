"""An account, looked at: the one place that asks AWS anything, and it can only read."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias, cast

from offhook.emulator.service.regions import REGIONS
from offhook.handler.errors import OffhookError
from offhook.production.way_in import DENIED, NO_KEY, NoWayIn, session, why

Answer: TypeAlias = Mapping[str, Any]
"""What AWS said, in its own names: botocore's models say what is in it."""

LOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    "chime-sdk-voice": (
        "GetPhoneNumber",
        "GetSipMediaApplication",
        "GetSipMediaApplicationLoggingConfiguration",
        "ListSipMediaApplications",
        "ListSipRules",
    ),
    "cloudformation": ("ListStackResources",),
    "cloudwatch": ("GetMetricStatistics", "ListMetrics"),
    "dynamodb": ("DescribeTable", "DescribeTimeToLive", "GetItem"),
    "iam": ("GetPolicy", "GetPolicyVersion", "GetRolePolicy", "ListAttachedRolePolicies",
            "ListRolePolicies"),
    "kms": ("DescribeKey", "GetKeyPolicy"),
    "lambda": ("GetAlias", "GetFunctionConcurrency", "GetFunctionConfiguration", "GetPolicy",
               "ListEventSourceMappings", "ListFunctions"),
    "logs": ("DescribeLogGroups", "DescribeResourcePolicies", "FilterLogEvents"),
    "s3": ("GetBucketEncryption", "GetBucketLocation", "GetBucketOwnershipControls",
           "GetBucketPolicy", "GetObject", "ListObjectsV2"),
    "service-quotas": ("ListServiceQuotas",),
    "sqs": ("GetQueueAttributes", "GetQueueUrl"),
    "sts": ("GetCallerIdentity",),
}  # fmt: skip
"""All that is ever asked, by the name of boto3's client."""

NUMBER_REGIONS: Final = ("us-east-1", "us-west-2")
"""Where numbers and rules are, whichever region the applications are in."""

MOST_PAGES: Final = 100
"""Of a list: a busy function's log has no end."""

_PREFIXES: Final = {"chime-sdk-voice": "chime", "service-quotas": "servicequotas"}
_OTHER_NAMES: Final = {
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "ListObjectsV2": "s3:ListBucket",
}
_MISSING: Final = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist", "404")


def part(answer: Answer | None, *names: str) -> Answer:
    """What is below these names; empty where there is nothing."""
    for name in names:
        answer = cast("Answer", (answer or {}).get(name) or {})
    return answer or {}


def parts(answer: Answer | None, *names: str) -> list[Answer]:
    """The list below these names; empty where there is none."""
    *above, last = names
    return list(cast("list[Answer]", part(answer, *above).get(last) or ()))


class NotSeen(OffhookError):
    """The account does not say: `needs` is the IAM action for it, where that is the reason."""

    def __init__(self, says: str, needs: str = "") -> None:
        super().__init__(says)
        self.needs = needs


def permission(service: str, operation: str) -> str:
    """The IAM action that lets an operation be asked."""
    prefix = _PREFIXES.get(service, service)
    return _OTHER_NAMES.get(operation) or f"{prefix}:{operation}"


def policy() -> dict[str, object]:
    """What the doctor needs, for a policy of IAM."""
    actions = {permission(service, name) for service, names in LOOKS.items() for name in names}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OffhookDoctor",
                "Effect": "Allow",
                "Action": sorted(actions),
                "Resource": "*",
            }
        ],
    }


class Account:
    """The account behind some credentials."""

    def __init__(self, profile: str | None = None, region: str | None = None) -> None:
        """The credentials of a profile; without one, those that any SDK would find. Raises
        `NoWayIn`."""
        self._session = session("the doctor", profile, region)
        self.region = str(self._session.region_name)
        if self.region not in REGIONS:
            raise NoWayIn(
                f"PSTN Audio is not in {self.region}: write --region, and one of "
                f"{', '.join(REGIONS)}"
            )
        self.environment = {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        """What commands find the same account by."""
        if profile:
            self.environment["AWS_PROFILE"] = profile
        self.number_region = self.region if self.region in NUMBER_REGIONS else NUMBER_REGIONS[0]
        """Where its numbers and rules are looked for."""
        self._clients: dict[tuple[str, str], Any] = {}
        who = self.ask("sts", "GetCallerIdentity")
        self.id, self.who = str(who["Account"]), str(who["Arn"])
        self.partition = self.who.split(":")[1]

    def ask(self, service: str, operation: str, *, region: str = "", **said: object) -> Answer:
        """What AWS answers; empty where there is no such thing. Raises `NotSeen`, `NoWayIn`."""
        from botocore import xform_name

        client = self.client(service, operation, region)
        return self._asked(
            service, operation, lambda: getattr(client, xform_name(operation))(**said)
        )

    def each(
        self, service: str, operation: str, key: str, *, region: str = "", **said: object
    ) -> list[Answer]:
        """All that an operation lists below a key, of up to `MOST_PAGES`. Raises as `ask` does."""
        from botocore import xform_name

        client = self.client(service, operation, region)
        if not client.can_paginate(xform_name(operation)):
            return parts(self.ask(service, operation, region=region, **said), key)

        def pages() -> Answer:
            found: Iterator[Answer] = client.get_paginator(xform_name(operation)).paginate(**said)
            return {key: [one for page in islice(found, MOST_PAGES) for one in parts(page, key)]}

        return parts(self._asked(service, operation, pages), key)

    def _asked(self, service: str, operation: str, ask: Any) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return cast("Answer", ask())
        except ClientError as error:
            told = part(cast("Answer", error.response), "Error")
            code, message = str(told.get("Code", "")), str(told.get("Message", ""))
            if any(word in code for word in NO_KEY):
                raise NoWayIn(why(error)) from None
            if any(word in code for word in DENIED):
                needs = permission(service, operation)
                raise NotSeen(f"{needs} is not allowed", needs) from None
            if any(word in code for word in _MISSING) or "does not exist" in message:
                return {}
            raise NotSeen(f"{operation} says {code}: {message}") from None
        except BotoCoreError as error:
            if service == "sts":  # the first that is asked
                raise NoWayIn(why(error)) from None
            raise NotSeen(f"{operation}: {why(error)}") from None

    def client(self, service: str, operation: str, region: str = "") -> Any:
        """The client of a service, for an operation that reads. Raises `KeyError` for another."""
        if operation not in LOOKS[service]:
            raise KeyError(f"{operation} is not in LOOKS: what is asked is read only")
        where = service, region or self.region
        if where not in self._clients:
            from botocore.config import Config

            patience = Config(
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 4, "mode": "standard"},
            )
            self._clients[where] = self._session.client(
                service, region_name=where[1], config=patience
            )
        return self._clients[where]
