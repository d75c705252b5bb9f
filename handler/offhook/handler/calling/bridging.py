"""The dial policy for CallAndBridge as well: a check of the router.

    lambda_handler.check()(guarded(DialPolicy(destinations=("+1212", "+4930"))))

A reply that would bridge the caller with a number outside the policy is refused: the caller hears
the fallback, or what `@router.exception(DialRefused)` answers. Hours and caps hold for calls that
we start, not for these.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, cast

from pydantic import JsonValue

from offhook.handler.errors import DialRefused, NotConfigured
from offhook.handler.events import Event
from offhook.handler.log import logger
from offhook.handler.router import Envelope, ReplyCheck

if TYPE_CHECKING:
    from offhook.handler.calling.dial_policy import DialPolicy


def guarded(policy: "DialPolicy") -> ReplyCheck:
    """The check. Raises `DialRefused` for a reply that the policy forbids."""
    return _guard(lambda: policy)


def guarded_by(environment: Mapping[str, str]) -> ReplyCheck:
    """The same, of the policy in the environment, which is read when somebody is to be bridged.

    Without destinations callers are bridged with any number, but with those that are never called.
    A policy that cannot be read allows no bridge: all else that callers want goes on.
    """

    @cache
    def policy() -> "DialPolicy":
        # Imported as somebody is bridged: most calls end without.
        from offhook.handler.calling.dial_policy import ANYWHERE, DialPolicy

        try:
            said = DialPolicy.from_environment(environment)
        except NotConfigured as error:
            logger.error("nobody is bridged with anybody: %s", error)
            return DialPolicy()
        return said if said.destinations else replace(said, destinations=(ANYWHERE,))

    return _guard(policy)


def _guard(policy: "Callable[[], DialPolicy]") -> ReplyCheck:
    def guard(_event: Event, reply: Envelope) -> None:
        for action in cast("list[dict[str, JsonValue]]", reply["Actions"]):
            if action["Type"] != "CallAndBridge":
                continue
            match action["Parameters"]:
                case {"Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": str(number)}]}:
                    policy().check_number(number)
                case {"Endpoints": [{"BridgeEndpointType": "AWS", "Arn": str(a)}]} if "chime" in a:
                    pass  # the Voice Connector's own side says whom it calls
                case _:
                    raise DialRefused(
                        "a CallAndBridge does not tell whom it calls: it has one endpoint, PSTN "
                        "with a Uri, or AWS with the Arn of a Voice Connector"
                    )

    return guard
