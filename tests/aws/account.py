"""Whose line the tests of this room are about, and what they may ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

SWITCH: Final = "OFFHOOK_AWS"
"""1 points these tests at AWS; without it they are about a desk."""
APPLICATION: Final = "OFFHOOK_AWS_APPLICATION"
FROM: Final = "OFFHOOK_AWS_FROM"
MAY_DIAL: Final = "OFFHOOK_AWS_MAY_DIAL"

MAY_ASK: Final = frozenset(
    {
        *("GetSipMediaApplication", "ListSipMediaApplications", "ListSipRules"),
        *("GetPhoneNumber", "ListPhoneNumbers"),
        *("CreateSipMediaApplicationCall", "UpdateSipMediaApplicationCall"),
    }
)
"""All that is ever asked: it reads, and it calls."""

MOST_SECONDS: Final = 60
"""How long somebody rings at most; AWS documents no time."""


class NotAllowed(Exception):
    """A test would ask what nobody has allowed. Nothing has been sent."""


@dataclass(frozen=True)
class Account:
    """An application, a number of ours, and whom we may call."""

    application: str
    """The id of a SIP media application."""
    ours: str
    """A number of the account, in E.164."""
    may_dial: tuple[str, ...] = ()
    """The only numbers that are ever called; without one, nobody is."""

    @classmethod
    def named(cls, environment: Mapping[str, str]) -> Self | None:
        """As the environment names it; nothing where it does not ask for AWS. Raises NotAllowed
        where it does and a name is missing."""
        if environment.get(SWITCH) != "1":
            return None
        missing = [name for name in (APPLICATION, FROM) if not environment.get(name)]
        if missing:
            raise NotAllowed(
                f"{SWITCH}=1 asks for AWS, and {' and '.join(missing)} is not set: write "
                f"{APPLICATION}=the id of a SIP media application, {FROM}=+1..., a number of the "
                f"account, and, for the tests that call, {MAY_DIAL}=+1...,+1..., whom they may call"
            )
        named = (each.strip() for each in environment.get(MAY_DIAL, "").split(","))
        return cls(environment[APPLICATION], environment[FROM], tuple(filter(None, named)))

    def guard(self, client: ChimeSDKVoiceClient) -> ChimeSDKVoiceClient:
        """The same client, which refuses what is not allowed before anything is sent."""
        client.meta.events.register_first("provide-client-params.chime-sdk-voice", self._check)
        return client

    def _check(self, params: Mapping[str, Any], model: Any, **_more: object) -> None:
        if model.name not in MAY_ASK:
            raise NotAllowed(f"{model.name} is not among {', '.join(sorted(MAY_ASK))}")
        if model.name != "CreateSipMediaApplicationCall":
            return
        if (number := params.get("ToPhoneNumber")) not in self.may_dial:
            raise NotAllowed(
                f"{number} is not in {MAY_DIAL}: {', '.join(self.may_dial) or 'nobody is'}"
            )

    def cost(self, requests: int, calls: int) -> list[str]:
        """What so many tests will cost, before they run."""
        if not self.may_dial:
            calls = 0
        seconds = calls * MOST_SECONDS
        whom = f" to {self.may_dial[0]}" if calls else f": {MAY_DIAL} names nobody"
        return [
            f"against AWS, as {self.application} and {self.ours}:",
            f"  {requests} tests send requests, which AWS does not bill",
            f"  {calls} tests call somebody{whom}",
            f"  {calls} begun minutes are billed, as PSTN and as application usage, after",
            f"  {seconds} seconds of ringing at most; more, where who answers stays on the line",
        ]
