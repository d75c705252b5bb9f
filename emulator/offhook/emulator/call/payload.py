"""The events that the service sends, as JSON objects (reference A)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from offhook.emulator.call.leg import Leg


@dataclass(frozen=True, slots=True)
class Identity:
    """What every event of a call says of where it is."""

    transaction_id: str
    account: str
    region: str
    sip_rule_id: str | None
    """The rule that led here: inbound calls only."""


def payload(
    event_type: str,
    *,
    sequence: int,
    identity: Identity,
    sip_media_application_id: str,
    legs: Iterable[Leg],
    attributes: Mapping[str, object],
    action_data: Mapping[str, object] | None = None,
    error: tuple[str, str] | None = None,
) -> dict[str, object]:
    """One invocation, its keys in the order of real logs."""
    details: dict[str, object] = {"TransactionId": identity.transaction_id}
    if attributes:
        details["TransactionAttributes"] = dict(attributes)
    details["AwsAccountId"] = identity.account
    details["AwsRegion"] = identity.region
    if identity.sip_rule_id is not None:
        details["SipRuleId"] = identity.sip_rule_id
    details["SipMediaApplicationId"] = sip_media_application_id
    details["Participants"] = [leg.describe() for leg in legs]
    event: dict[str, object] = {
        "SchemaVersion": "1.0",
        "Sequence": sequence,
        "InvocationEventType": event_type,
    }
    if action_data is not None:
        event["ActionData"] = dict(action_data)
    event["CallDetails"] = details
    if error is not None:
        event["ErrorType"], event["ErrorMessage"] = error
    return event
