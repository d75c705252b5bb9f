"""The dial policy for CallAndBridge as well: a hook for the router.

    lambda_handler.around()(guarded(DialPolicy(destinations=("+1212", "+4930"))))

A reply that would bridge the caller with a number outside the policy is refused: the caller hears
the fallback, or what `@router.exception(DialRefused)` answers. Hours and caps hold for calls that
we start, not for these.
"""

from collections.abc import Sequence
from typing import cast

from offhook.actions.base import Action
from offhook.actions.call_and_bridge import CallAndBridge
from offhook.actions.response import Response
from offhook.handler.dial_policy import DialPolicy
from offhook.handler.events import Event
from offhook.handler.fallbacks import Reply
from offhook.handler.router import Answer, Around


def guarded(policy: DialPolicy) -> Around:
    """The hook. Raises `DialRefused` in place of a reply that the policy forbids."""

    def guard(event: Event, answer: Answer) -> Reply:
        reply = answer(event)
        for action in _actions(reply):
            if isinstance(action, CallAndBridge) and action.bridge_endpoint_type == "PSTN":
                policy.check_number(action.uri)
        return reply

    return guard


def _actions(reply: Reply) -> Sequence[object]:
    actions = reply.actions if isinstance(reply, Response) else reply
    if actions is None or isinstance(actions, Action):
        return () if actions is None else (cast("object", actions),)
    return actions
