"""Groups of Voice Connectors, as they are said to be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from offhook.emulator.call.resources import Resource
from offhook.emulator.call.voice_connectors import CONNECTORS, GROUPS
from offhook.emulator.server.api.assigning import associate, disassociate
from offhook.emulator.server.api.keeping import Kept, there
from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, conflict

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t

MOST_ITEMS = 3
"""Voice Connectors of one group (reference E.7)."""


def _group(service: Service, its_id: str) -> Resource:
    """Its ARN."""
    service.gate.count(
        "Voice Connector groups",
        lambda: len(service.resources.within(GROUPS)),
        service.gate.quotas.voice_connector_groups,
    )
    arn = service.account.arn(f"vcg/{its_id}")
    return {"VoiceConnectorItems": [], "VoiceConnectorGroupArn": arn}


KEPT = Kept("voice-connector-groups", {"voice-connector-groups": _group}).operations


def create_voice_connector_group(
    service: Service, request: "t.CreateVoiceConnectorGroupRequestTypeDef"
) -> Body:
    """Make one, with Voice Connectors that there are."""
    _check(service, request.get("VoiceConnectorItems", ()))
    return KEPT["CreateVoiceConnectorGroup"](service, request)


def update_voice_connector_group(
    service: Service, request: "t.UpdateVoiceConnectorGroupRequestTypeDef"
) -> Body:
    """Another name, other Voice Connectors."""
    _check(service, request["VoiceConnectorItems"])
    return KEPT["UpdateVoiceConnectorGroup"](service, request)


def delete_voice_connector_group(
    service: Service, request: "t.DeleteVoiceConnectorGroupRequestTypeDef"
) -> Body:
    """Delete one that has no Voice Connectors and no numbers."""
    its_id = request["VoiceConnectorGroupId"]
    group = there(service, (*GROUPS, its_id))
    if group["VoiceConnectorItems"] or service.account.numbers_of(its_id):
        raise conflict(
            f"The group {its_id} has Voice Connectors or numbers: take them from it first "
            "(UpdateVoiceConnectorGroup, DisassociatePhoneNumbersFromVoiceConnectorGroup)"
        )
    return KEPT["DeleteVoiceConnectorGroup"](service, request)


def _check(service: Service, items: "Sequence[t.VoiceConnectorItemTypeDef]") -> None:
    if len(items) > MOST_ITEMS:
        raise bad_request(
            f"VoiceConnectorItems: {MOST_ITEMS} at most are allowed: these are {len(items)}"
        )
    for item in items:
        there(service, (*CONNECTORS, item["VoiceConnectorId"]))


def associate_phone_numbers_with_voice_connector_group(
    service: Service, request: "t.AssociatePhoneNumbersWithVoiceConnectorGroupRequestTypeDef"
) -> Body:
    """Give it numbers of the product type VoiceConnector; what cannot be given is listed."""
    there(service, (*GROUPS, request["VoiceConnectorGroupId"]))
    return associate(
        service,
        "VoiceConnectorGroupId",
        request["VoiceConnectorGroupId"],
        request["E164PhoneNumbers"],
        force=request.get("ForceAssociate", False),
    )


def disassociate_phone_numbers_from_voice_connector_group(
    service: Service, request: "t.DisassociatePhoneNumbersFromVoiceConnectorGroupRequestTypeDef"
) -> Body:
    """Take numbers from it; those that it does not have are listed."""
    there(service, (*GROUPS, request["VoiceConnectorGroupId"]))
    return disassociate(service, request["VoiceConnectorGroupId"], request["E164PhoneNumbers"])
