"""What CloudFormation works out when it deploys, as far as a desk can know it.

A parameter is what samconfig.toml says of it, else its default; the account, the region and the
partition are the desk's; a resource that is given its name in the template has that name, and the
ARN that comes of it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from offhook.emulator.function.function import Limits
from offhook.emulator.function.parameters import in_effect

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """A value that CloudFormation works out when it deploys: `!Ref Table`."""

    kind: str
    argument: object

    def __str__(self) -> str:
        return f"!{self.kind.removeprefix('Fn::')} {shown(self.argument)}"


class Dynamic(Intrinsic):
    """A value of Systems Manager or Secrets Manager: `{{resolve:ssm:/table}}`."""

    def __init__(self, text: str) -> None:
        super().__init__("", text)

    def __str__(self) -> str:
        return str(self.argument)


def shown(value: object) -> str:
    """A value as a template has it."""
    return value if isinstance(value, str) else _shown(value)


def _shown(value: object) -> str:
    found = intrinsic(value)
    if isinstance(found, Intrinsic):
        return str(found)
    if isinstance(found, dict):
        pairs = cast("Table", found).items()
        return f"{{{', '.join(f'{key}: {_shown(each)}' for key, each in pairs)}}}"
    if isinstance(found, list):
        return f"[{', '.join(map(_shown, cast('Sequence[object]', found)))}]"
    if found is None or isinstance(found, bool | int | float | str):
        return json.dumps(found, ensure_ascii=False)
    return str(found)  # a date, which YAML knows


def intrinsic(value: object, *more: str) -> object:
    """`{"Ref": "Table"}` is the long form of `!Ref Table`, and so of `more` names without `Fn::`;
    anything else is itself."""
    kind, argument = next(iter(table(value).items()), ("", None))
    is_one = len(table(value)) == 1 and (kind in ("Ref", *more) or kind.startswith("Fn::"))
    return Intrinsic(kind.removeprefix("Fn::"), argument) if is_one else value


def table(value: object) -> Table:
    """A mapping, or an empty one."""
    return cast("Table", value) if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Kind:
    """What follows from the name of a resource. `{}` is the name."""

    name: str
    """The property that gives it."""
    arn: str
    ref: str = "{}"
    others: Mapping[str, str] | None = None
    """What `GetAtt` finds of it beside `Arn`."""


_AWS: Final = "arn:${AWS::Partition}:"
_HERE: Final = ":${AWS::Region}:${AWS::AccountId}:"
_TABLE: Final = f"{_AWS}dynamodb{_HERE}table/{{}}"
_FUNCTION: Final = f"{_AWS}lambda{_HERE}function:{{}}"
_MACHINE: Final = f"{_AWS}states{_HERE}stateMachine:{{}}"
_QUEUE: Final = "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/{}"
_TOPIC: Final = f"{_AWS}sns{_HERE}{{}}"

KINDS: Final[Mapping[str, Kind]] = {
    "AWS::DynamoDB::GlobalTable": Kind("TableName", _TABLE),
    "AWS::DynamoDB::Table": Kind("TableName", _TABLE),
    "AWS::Events::EventBus": Kind(
        "Name", f"{_AWS}events{_HERE}event-bus/{{}}", "{}", {"Name": "{}"}
    ),
    "AWS::IAM::Role": Kind("RoleName", f"{_AWS}iam::${{AWS::AccountId}}:role/{{}}"),
    "AWS::Kinesis::Stream": Kind("Name", f"{_AWS}kinesis{_HERE}stream/{{}}"),
    "AWS::KinesisFirehose::DeliveryStream": Kind(
        "DeliveryStreamName", f"{_AWS}firehose{_HERE}deliverystream/{{}}"
    ),
    "AWS::Lambda::Function": Kind("FunctionName", _FUNCTION),
    "AWS::Logs::LogGroup": Kind("LogGroupName", f"{_AWS}logs{_HERE}log-group:{{}}:*"),
    "AWS::S3::Bucket": Kind(
        "BucketName",
        f"{_AWS}s3:::{{}}",
        others={
            "DomainName": "{}.s3.${AWS::URLSuffix}",
            "RegionalDomainName": "{}.s3.${AWS::Region}.${AWS::URLSuffix}",
        },
    ),
    "AWS::SNS::Topic": Kind("TopicName", _TOPIC, _TOPIC, {"TopicArn": _TOPIC, "TopicName": "{}"}),
    "AWS::SQS::Queue": Kind(
        "QueueName",
        f"{_AWS}sqs{_HERE}{{}}",
        _QUEUE,
        {"QueueName": "{}", "QueueUrl": _QUEUE},
    ),
    "AWS::SSM::Parameter": Kind("Name", ""),
    "AWS::Serverless::Function": Kind("FunctionName", _FUNCTION),
    "AWS::Serverless::SimpleTable": Kind("TableName", _TABLE),
    "AWS::Serverless::StateMachine": Kind("Name", _MACHINE, _MACHINE, {"Name": "{}"}),
    "AWS::StepFunctions::StateMachine": Kind(
        "StateMachineName", _MACHINE, _MACHINE, {"Name": "{}"}
    ),
}
"""The resources whose name a template can give (CloudFormation's guide: "Return values")."""


class Values:
    """The values of a template."""

    def __init__(
        self, template: Table, limits: Limits, overridden: Mapping[str, str] | None = None
    ) -> None:
        """`overridden` are parameters that are not as their defaults say."""
        self._resources = table(template.get("Resources"))
        self._mappings = table(template.get("Mappings"))
        self._conditions = table(template.get("Conditions"))
        china, government = (limits.region.startswith(each) for each in ("cn-", "us-gov-"))
        self._known = dict(in_effect(table(template.get("Parameters")), overridden or {}))
        self._known |= {
            "AWS::Region": limits.region,
            "AWS::AccountId": limits.account,
            "AWS::Partition": "aws-cn" if china else "aws-us-gov" if government else "aws",
            "AWS::URLSuffix": "amazonaws.com.cn" if china else "amazonaws.com",
            "AWS::NoValue": None,
        }
        self._depth = 0

    def value(self, value: object) -> object:
        """A value as it is here; an `Intrinsic` where only the cloud knows it."""
        found = self._worked_out(intrinsic(value))
        return Dynamic(found) if isinstance(found, str) and "{{resolve:" in found else found

    def _worked_out(self, found: object) -> object:
        work_out = _WORK_OUT.get(found.kind) if isinstance(found, Intrinsic) else None
        if work_out is None or self._depth > DEEPEST:
            return found
        self._depth += 1
        try:
            return work_out(self, cast("Intrinsic", found).argument)
        except Unknown:
            return found
        finally:
            self._depth -= 1

    def text(self, value: object) -> str:
        """A value that is to be text. Raises `Unknown`."""
        found = self.value(value)
        if isinstance(found, str | int | float):
            return str(found).lower() if isinstance(found, bool) else str(found)
        raise Unknown

    def ref(self, argument: object) -> object:
        """`!Ref Table`. Raises `Unknown`."""
        name = str(argument)
        if name in self._known:
            return self._known[name]
        kind, called = self._named(name)
        return self.sub(kind.ref.replace("{}", called))

    def attribute(self, argument: object) -> object:
        """`!GetAtt Table.Arn`. Raises `Unknown`."""
        parts = str(argument).split(".", 1) if isinstance(argument, str) else self.list(argument)
        if len(parts) != 2:
            raise Unknown
        kind, called = self._named(self.text(parts[0]))
        found = {"Arn": kind.arn, **(kind.others or {})}.get(self.text(parts[1]))
        if not found:
            raise Unknown
        return self.sub(found.replace("{}", called))

    def sub(self, argument: object) -> str:
        """`!Sub "${Table}-of-${AWS::Region}"`, with variables or without. Raises `Unknown`."""
        text, variables = (argument, None) if isinstance(argument, str) else self._row(argument, 2)
        if not isinstance(text, str):
            raise Unknown
        own = table(variables)

        def put(found: re.Match[str]) -> str:
            name = found[2].strip()
            if found[1]:  # ${!Literal}
                return f"${{{found[2]}}}"
            if name in own:
                return self.text(own[name])
            return self.text(Intrinsic("GetAtt" if "." in name else "Ref", name))

        return re.sub(r"\$\{(!?)([^}]*)\}", put, text)

    def join(self, argument: object) -> str:
        """`!Join ["-", [a, b]]`. Raises `Unknown`."""
        between, parts = self._row(argument, 2)
        return self.text(between).join(map(self.text, self.list(parts)))

    def select(self, argument: object) -> object:
        """`!Select [0, [a, b]]`. Raises `Unknown`."""
        which, parts = self._row(argument, 2)
        index, row = self.text(which), self.list(parts)
        if not index.isdecimal() or int(index) >= len(row):
            raise Unknown
        return self.value(row[int(index)])

    def split(self, argument: object) -> object:
        """`!Split ["/", a/b]`. Raises `Unknown`."""
        between, whole = self._row(argument, 2)
        return self.text(whole).split(self.text(between) or None)

    def find(self, argument: object) -> object:
        """`!FindInMap [Map, first, second]`. Raises `Unknown`."""
        found: object = self._mappings
        first, second, third, *more = [*self.list(argument), None, None, None]
        for part in (first, second, third):
            found = table(found).get(self.text(part))
        if found is None:
            found = self.value(table(more[0]).get("DefaultValue")) if more else None
        if found is None:
            raise Unknown
        return found

    def choose(self, argument: object) -> object:
        """`!If [IsProd, a, b]`. Raises `Unknown`."""
        name, then, otherwise = self._row(argument, 3)
        return self.value(then if self.holds(Intrinsic("Condition", name)) else otherwise)

    def holds(self, value: object) -> bool:
        """Whether a condition does. Raises `Unknown`."""
        found = intrinsic(value, "Condition")
        if not isinstance(found, Intrinsic) or self._depth > DEEPEST:
            raise Unknown
        self._depth += 1
        try:
            return self._holds(found.kind, found.argument)
        finally:
            self._depth -= 1

    def _holds(self, kind: str, argument: object) -> bool:
        if kind == "Condition":
            return self.holds(self._conditions.get(str(argument)))
        if kind == "Equals":
            one, other = self._row(argument, 2)
            return self.text(one) == self.text(other)
        if kind == "Not":
            return not self.holds(*self._row(argument, 1))
        if kind not in ("And", "Or"):
            raise Unknown
        decides = kind == "Or"
        found = [self._perhaps(each) for each in self.list(argument)]
        if decides in found:
            return decides
        if None in found:
            raise Unknown
        return not decides

    def _perhaps(self, value: object) -> bool | None:
        try:
            return self.holds(value)
        except Unknown:
            return None

    def list(self, value: object) -> Sequence[object]:
        """A value that is to be a list. Raises `Unknown`."""
        found = self.value(value)
        if not isinstance(found, list):
            raise Unknown
        return cast("Sequence[object]", found)

    def _row(self, argument: object, length: int) -> Sequence[object]:
        row = self.list(argument)
        if len(row) != length:
            raise Unknown
        return row

    def _named(self, resource: str) -> tuple[Kind, str]:
        found = table(self._resources.get(resource))
        kind = KINDS.get(str(found.get("Type")))
        if kind is None:
            raise Unknown
        called = table(found.get("Properties")).get(kind.name)
        if called is None and kind.name == "FunctionName":
            return kind, resource  # so it is called here
        return kind, self.text(called)


DEEPEST: Final = 32
"""Values within values: a template whose resources name each other has no end."""


class Unknown(Exception):
    """Only the cloud knows it."""


_WORK_OUT: Final[Mapping[str, Callable[[Values, object], object]]] = {
    "Ref": Values.ref,
    "GetAtt": Values.attribute,
    "Sub": Values.sub,
    "Join": Values.join,
    "Select": Values.select,
    "Split": Values.split,
    "FindInMap": Values.find,
    "If": Values.choose,
}
