"""The desk: our numbers, the SIP media application behind each, and its function.

Read from `[tool.offhook]` in `pyproject.toml`, or from `offhook.toml` where there is none. A flag
beats an environment variable (`OFFHOOK_ACCOUNT`, ...), which beats the file.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    model_validator,
)

from offhook.actions.fields import E164Number
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.faults import Fault
from offhook.emulator.function import functions
from offhook.emulator.function.credentials import SOURCES
from offhook.emulator.function.function import Limits
from offhook.emulator.function.names import TEMPLATES, URLS, called, names_others, runs_here
from offhook.emulator.function.provided import provided
from offhook.emulator.ports.port import LAST_PORT
from offhook.emulator.s3 import embedded
from offhook.emulator.s3.opened import EMBEDDED, port_of
from offhook.emulator.s3.table import Table
from offhook.emulator.service import own_api
from offhook.emulator.service.config_file import ConfigError, table_of
from offhook.emulator.service.described import (
    AnyFarEnd,
    BotAlias,
    bot,
    far_end,
    there,
)
from offhook.emulator.service.exploration import Exploration
from offhook.emulator.service.mistakes import mistakes
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.records import HOST
from offhook.emulator.service.regions import Region
from offhook.emulator.settings import Settings


class SipMediaApplication(BaseModel):
    """Numbers of ours, and the function that answers them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "default"
    numbers: Annotated[tuple[E164Number, ...], Field(min_length=1)] = ("+15550100100",)
    """Our numbers, in E.164."""
    function: str
    """`module:function`, any other name of a function, or a name or ARN in `functions`."""


class LambdaFunction(BaseModel):
    """What stands for a Lambda function, and what Lambda is configured to give it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: str
    """`module:function`, `../app/index.js:handler`, `template.yaml:CallFunction`, a URL, ..."""
    timeout_seconds: Annotated[float, Field(ge=1, le=900)] | None = None
    """How long one invocation may take; what the desk says, without it."""
    memory_mb: Annotated[int, Field(ge=128, le=10_240)] | None = None
    """Megabytes, as the function is told; what the desk says, without it."""
    environment: Mapping[str, str] = {}
    """Variables that it gets, in a process of its own; they beat this process's."""

    @model_validator(mode="after")
    def _it_can_be_given_these(self) -> Self:
        is_template = self.function.rpartition(":")[0].endswith(TEMPLATES)
        if is_template and (self.timeout_seconds or self.memory_mb):
            raise ValueError(
                f"{self.function} says Timeout and MemorySize itself: leave timeout_seconds and "
                "memory_mb out here"
            )
        sources = sorted(filter(SOURCES.fullmatch, self.environment))
        if sources:
            raise ValueError(
                f"{sources[0]} is not for one function to have: write real_aws = true, or "
                'real_aws = "PROFILE", into [tool.offhook]'
            )
        if self.environment and (runs_here(self.function) or self.function.startswith(URLS)):
            raise ValueError(
                f"{self.function} does not get its variables from here: leave environment out, or "
                "name what runs in a process of its own, as in ../app/handler.py:lambda_handler"
            )
        return self


def _split(value: object) -> object:
    """An environment variable has one text for all."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _known_fault(text: str) -> str:
    return str(Fault.parse(text))


def _as_table(value: object) -> object:
    return {"function": value} if isinstance(value, str) else value


class S3(BaseModel):
    """Where audio is when it is not in folders alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: Annotated[
        str,
        StringConstraints(pattern=r"^(embedded(:\d+)?|folders|https?://.+)$"),
        Field(examples=["embedded", "embedded:4566", "folders", "http://127.0.0.1:9000"]),
    ]
    """`embedded` is one of our own, which starts when somebody comes there, with what the folders
    have, on any port that is free or on yours (`embedded:4566`); the URL of any other; or
    `folders`: no S3."""
    checks_policy: bool = True
    """Whether the bucket's policy must let the service in, as at AWS."""


class SipRule(BaseModel):
    """Which applications answer a number, or the host of a Voice Connector, in this order.

    A number that no rule names has one of its own: the application that lists it answers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    trigger: Annotated[
        str,
        StringConstraints(pattern=rf"^(\+[1-9]\d{{1,14}}|{HOST})$"),
        Field(examples=["+15550100100", "abcdefghijklmnopqrstu.voiceconnector.chime.aws"]),
    ]
    """A number of ours in E.164, or the outbound host name of a Voice Connector."""
    sip_media_applications: Annotated[tuple[str, ...], Field(min_length=1, max_length=25)]
    """Names, first priority first."""
    disabled: bool = False


class Desk(BaseModel):
    """Everything that the emulator is told beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: Annotated[
        str, StringConstraints(pattern=r"^\d{12}$"), Field(examples=["123456789012"])
    ] = "123456789012"
    """The account that owns everything: 12 digits."""
    region: Region = "us-east-1"
    """Where it is, as in `eu-central-1`: one of the ten regions that have PSTN Audio."""
    prompts: Path = Path("prompts")
    """The folder that stands for the default bucket of audio."""
    prompts_bucket: str = "prompts"
    """The name of that bucket. `OFFHOOK_PROMPTS_BUCKET` is set to it where it is not set."""
    recordings: Path = Path("recordings")
    """The folder that stands for the buckets of recordings: `recordings/<key>` of the default one,
    `recordings/<bucket>/<key>` of any other."""
    recordings_bucket: str = "recordings"
    """The default of them. `OFFHOOK_RECORDINGS_BUCKET` is set to it where it is not set."""
    state: Path | None = None
    """The file in which `offhook serve` keeps what the account owns; in memory without one."""
    records: Path | None = None
    """The folder of call detail records and message logs; without one, `recordings` has those
    that the API was asked for."""
    logs: Path | None = None
    """The folder of calls that happened (`offhook logs import` makes it) that are tests: pytest
    replays each to the handler as it is now."""
    seed: int | None = None
    """With one, the ids of calls are the same in every run; new ones, without."""
    port: Annotated[int, Field(ge=0, le=LAST_PORT)] | None = None
    """Of the desk's own API: without one 4060 in `offhook serve`, and in other ways in, where only
    functions come there, any that is free, as with 0."""
    settings: Settings = Settings()
    """How the service behaves where AWS does not say."""
    s3: S3 | None = None
    """Where functions find S3, and the service what they put there: by default in an embedded one,
    where that is installed (`offhook[serve]`) and `real_aws` is not asked for; else in folders."""
    sip_media_applications: tuple[SipMediaApplication, ...] = ()
    """Our numbers, and the function behind each."""
    sip_rules: tuple[SipRule, ...] = ()
    """Which applications answer a number, or a Voice Connector's host, first priority first."""
    timeout_seconds: Annotated[float, Field(ge=1, le=900)] = 20.0
    """How long one invocation of a function may take that says nothing itself; Lambda's own
    default is 3."""
    memory_mb: Annotated[int, Field(ge=128, le=10_240)] = 512
    """Megabytes that such a function is told it has."""
    real_aws: Annotated[bool | str, Field(union_mode="left_to_right")] = False
    """Whether functions find the developer's AWS credentials: `true`, or the name of a profile."""
    polly: str = ""
    """The profile of `~/.aws` whose Polly reads prompts aloud; without one, no account is asked."""
    aws_sdk_v2_endpoints: bool = True
    """Whether the AWS SDK for JavaScript v2, which by itself does not, looks at
    `AWS_ENDPOINT_URL_S3` and the like in functions on Node."""
    allowed_hosts: Annotated[tuple[str, ...], BeforeValidator(_split)] = ()
    """Names by which the desk's servers may be called, beside those of loopback."""
    allowed_origins: Annotated[tuple[str, ...], BeforeValidator(_split)] = ()
    """Pages that may ask them, as in `http://localhost:3000`, beside their own."""
    functions: Mapping[
        str, Annotated[LambdaFunction, BeforeValidator(_as_table, LambdaFunction | str)]
    ] = {}
    """What stands for a Lambda function: its name or ARN -> `module:function`, or a table."""
    quotas: Quotas = Quotas()
    """How much the account may do, and how fast."""
    far_ends: Mapping[
        Annotated[str, AfterValidator(there)],
        Annotated[FarEnd, PlainValidator(far_end, json_schema_input_type=AnyFarEnd)],
    ] = {}
    """Who is at which number that we call: `{ is = "Voicemail", after = 3 }`; at `default`, whoever
    is everywhere else."""
    bots: tuple[Annotated[BotAlias, PlainValidator(bot, json_schema_input_type=BotAlias)], ...] = ()
    """What bots understand, for StartBotConversation."""
    tables: Mapping[str, Table] = {}
    """Tables of the desk's DynamoDB: name -> `{ key = ["id"], items = [{ id = "7" }] }`."""
    faults: Annotated[
        tuple[Annotated[str, AfterValidator(_known_fault)], ...], BeforeValidator(_split)
    ] = ()
    """What goes wrong on purpose, as in `slow=6`, `throttled:2`, `s3-missing=welcome.wav`."""
    explore: Exploration = Exploration()
    """Which calls `offhook explore` makes."""

    @model_validator(mode="after")
    def _nobody_is_there_twice(self) -> Self:
        for what, found in (
            ("names", [app.name for app in self.sip_media_applications]),
            ("numbers", [number for app in self.sip_media_applications for number in app.numbers]),
        ):
            twice = sorted({each for each in found if found.count(each) > 1})
            if twice:
                raise ValueError(f"sip_media_applications: {what} are there twice: {twice}")
        if len(self.scripted) < len(self.bots):
            raise ValueError("bots: each bot_alias_arn can be there once")
        return self

    @model_validator(mode="after")
    def _rules_name_what_there_is(self) -> Self:
        names = [app.name for app in self.sip_media_applications]
        for rule in self.sip_rules:
            unknown = [name for name in rule.sip_media_applications if name not in names]
            if unknown:
                raise ValueError(
                    f"sip_rules: {rule.name}: there is no application {unknown[0]!r} among {names}"
                )
            if rule.trigger.startswith("+") and rule.trigger not in self.numbers:
                raise ValueError(
                    f"sip_rules: {rule.name}: {rule.trigger} is no number of an application here"
                )
        return self

    @property
    def numbers(self) -> Mapping[str, SipMediaApplication]:
        """Which application answers which number."""
        return {number: app for app in self.sip_media_applications for number in app.numbers}

    @property
    def scripted(self) -> Mapping[str, BotAlias]:
        """The bots, by BotAliasArn."""
        return {each.bot_alias_arn: each for each in self.bots}

    @property
    def served_at(self) -> int:
        """The port at which its API is served."""
        return own_api.PORT if self.port is None else self.port

    @property
    def s3_endpoint(self) -> str:
        """`embedded` with or without a port, `folders` or a URL."""
        if self.s3 is not None:
            return self.s3.endpoint
        return "folders" if self.real_aws or not embedded.is_installed() else EMBEDDED

    def _stand_ins(self, stands_for: str, api: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        if self.functions or names_others(stands_for):
            found[functions.LAMBDA] = functions.endpoint()
        if api or own_api.is_installed():
            found |= dict.fromkeys(own_api.VARIABLES, api or own_api.endpoint(self.port or 0))
        endpoint = self.s3_endpoint
        if (port := port_of(endpoint)) is not None:
            here = embedded.endpoint(port)
            found |= {"AWS_ENDPOINT_URL_S3": here, "AWS_ENDPOINT_URL_DYNAMODB": here}
        elif endpoint != "folders":
            found["AWS_ENDPOINT_URL_S3"] = endpoint
        return found

    def _entry(self, name: str) -> LambdaFunction | None:
        bare = called(name)
        return self.functions.get(name) or (self.functions.get(bare) if bare else None)

    def stands_for(self, name: str) -> str:
        """What stands for a function here, as `named` says; no port is taken for it."""
        entry = self._entry(name)
        return entry.function if entry else name

    def named(self, name: str, api: str = "") -> tuple[str, Limits]:
        """What stands for a function here, by its name or ARN, and what Lambda gives it.

        Any name that `functions` does not have stands for itself. `api` is where functions find
        the desk's own API, if not at the port of this process. Raises `PortTaken`.
        """
        bare, entry = called(name), self._entry(name)
        stands_for = self.stands_for(name)
        limits = Limits(
            timeout=(entry and entry.timeout_seconds) or self.timeout_seconds,
            memory_mb=(entry and entry.memory_mb) or self.memory_mb,
            account=self.account,
            region=self.region,
            environment=entry.environment if entry else {},
            name=(bare or name) if entry else "",
            real_aws=self.real_aws,
            aws_sdk_v2_endpoints=self.aws_sdk_v2_endpoints,
            stand_ins=self._stand_ins(stands_for, api),
        )
        return stands_for, limits

    def with_function(self, function: str) -> "Desk":
        """The same desk, every number answered by one function."""
        apps = self.sip_media_applications or (SipMediaApplication(function=function),)
        return self.model_copy(
            update={
                "sip_media_applications": tuple(
                    app.model_copy(update={"function": function}) for app in apps
                )
            }
        )


TABLES = {
    *("s3", "settings", "sip_media_applications", "sip_rules", "functions", "quotas"),
    *("far_ends", "bots", "tables", "explore"),
}
"""What an environment variable cannot say."""


def load(folder: Path | None = None) -> Desk:
    """The desk of a folder (default: here). Raises `ConfigError`, which names the place."""
    folder = folder or Path.cwd()
    source, table = table_of(folder)
    places: dict[str, str] = {}
    """What comes from the environment, and from which variable."""
    settings, ours = table.setdefault("settings", {}), provided()
    for names, target, path in (
        (Desk.model_fields.keys() - TABLES, table, ""),
        (Settings.model_fields.keys(), settings, "settings."),
    ):
        for name in names:
            variable = f"OFFHOOK_{name.upper()}"
            value = os.environ.get(variable)
            if value not in (None, ours.get(variable)) and isinstance(target, dict):
                cast("dict[str, object]", target)[name] = value
                places[f"{path}{name}"] = f"environment variable {variable}"
    try:
        desk = Desk.model_validate(table)
    except ValidationError as error:
        raise ConfigError("\n".join(mistakes(error, Desk, source, places))) from None
    named = ("prompts", "recordings", "state", "records", "logs")
    folders = {name: folder / path for name in named if (path := getattr(desk, name)) is not None}
    return desk.model_copy(update=folders)
