"""The dial policy for CallAndBridge as well: a check of the router.

    lambda_handler.check()(guarded(DialPolicy(destinations=("+1212", "+4930"))))

A reply that would bridge the caller with a number outside the policy is refused: the caller hears
the fallback, or what `@router.exception(DialRefused)` answers. Hours and caps hold for calls that
we start, not for these.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from offhook.actions.base import Action
from offhook.actions.call_and_bridge import CallAndBridge
from offhook.actions.response import Response
from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.errors import NotConfigured
from offhook.handler.events import Event
from offhook.handler.fallbacks import Reply
from offhook.handler.log import logger
from offhook.handler.router import ReplyCheck


def guarded(policy: DialPolicy) -> ReplyCheck:
    """The check. Raises `DialRefused` for a reply that the policy forbids."""

    def guard(_event: Event, reply: Reply) -> None:
        for action in _actions(reply):
            if isinstance(action, CallAndBridge) and action.bridge_endpoint_type == "PSTN":
                policy.check_number(action.uri)

    return guard


def guarded_by(environment: Mapping[str, str]) -> ReplyCheck:
    """The same, of the policy in the environment. One that cannot be read allows no bridge: all
    else that callers want goes on."""
    try:
        return guarded(DialPolicy.from_environment(environment))
    except NotConfigured as error:
        logger.error("nobody is bridged with anybody: %s", error)
        return guarded(DialPolicy())


def _actions(reply: Reply) -> Sequence[object]:
    actions = reply.actions if isinstance(reply, Response) else reply
    if actions is None or isinstance(actions, Action):
        return () if actions is None else (cast("object", actions),)
    return actions
