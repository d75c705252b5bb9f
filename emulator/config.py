"""The desk: our numbers, the SIP media application behind each, and its function.

Read from `[tool.offhook]` in `pyproject.toml`, or from `offhook.toml` where there is none. A flag
beats an environment variable (`OFFHOOK_ACCOUNT`, ...), which beats the file.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from offhook.actions.fields import PhoneNumber
from offhook.emulator.settings import Settings
from offhook.handler.errors import OffhookError


class ConfigError(OffhookError):
    """The configuration of the desk cannot be used."""


class SipMediaApplication(BaseModel):
    """Numbers of ours, and the function that answers them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "default"
    numbers: Annotated[tuple[PhoneNumber, ...], Field(min_length=1)] = ("+15550100100",)
    """Our numbers, in E.164."""
    function: str
    """`module:function`."""


class Desk(BaseModel):
    """Everything that the emulator is told beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] = "123456789012"
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[a-z]+-\d$")] = "us-east-1"
    prompts: Path = Path("prompts")
    """The folder that stands for the default bucket of audio."""
    prompts_bucket: str = "prompts"
    """The name of that bucket. `OFFHOOK_PROMPTS_BUCKET` is set to it where it is not set."""
    settings: Settings = Settings()
    sip_media_applications: tuple[SipMediaApplication, ...] = ()

    @property
    def numbers(self) -> Mapping[str, SipMediaApplication]:
        """Which application answers which number."""
        return {number: app for app in self.sip_media_applications for number in app.numbers}

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


def load(folder: Path | None = None) -> Desk:
    """The desk of a folder (default: here). Raises `ConfigError`, which names the place."""
    folder = folder or Path.cwd()
    source, table = _table(folder)
    for name in ("account", "region", "prompts", "prompts_bucket"):
        if (value := os.environ.get(f"OFFHOOK_{name.upper()}")) is not None:
            table[name] = value
    settings = dict(cast("dict[str, object]", table.get("settings", {})))
    for name in Settings.model_fields:
        if (value := os.environ.get(f"OFFHOOK_{name.upper()}")) is not None:
            settings[name] = value
    if settings:
        table["settings"] = settings
    try:
        desk = Desk.model_validate(table)
    except ValidationError as error:
        faults = "\n".join(
            f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        )
        raise ConfigError(f"{source} cannot be used:\n{faults}") from None
    return desk.model_copy(update={"prompts": folder / desk.prompts})


def _table(folder: Path) -> tuple[str, dict[str, object]]:
    for name, path in (("pyproject.toml", ("tool", "offhook")), ("offhook.toml", ())):
        file = folder / name
        if not file.is_file():
            continue
        try:
            found: object = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{file} is not TOML: {error}") from None
        for key in path:
            found = cast("dict[str, object]", found).get(key) if isinstance(found, dict) else None
        if isinstance(found, dict):
            where = f"[tool.offhook] of {file}" if path else str(file)
            return where, dict(cast("dict[str, object]", found))
    return "the configuration", {}
