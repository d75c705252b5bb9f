"""Voice Connectors, as they are said to be. Their host is a rule's trigger, and CallAndBridge calls
out through them; no SIP comes to one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from offhook.emulator.call.resources import Path, Resource
from offhook.emulator.call.voice_connectors import CONNECTORS, GROUPS, items_of
from offhook.emulator.server.api.assigning import associate, disassociate
from offhook.emulator.server.api.keeping import Kept, there
from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.regions import REGIONS
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, conflict

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t

MOST_ROUTES = 20
"""Routes of an origination, at most."""


def _voice_connector(service: Service, its_id: str) -> Resource:
    """Its host and ARN."""
    service.gate.count(
        "Voice Connectors",
        lambda: len(service.resources.within(CONNECTORS)),
        service.gate.quotas.voice_connectors,
    )
    its_id = its_id.replace("-", "")[:22]
    return {
        "VoiceConnectorId": its_id,
        "AwsRegion": "us-east-1",
        "OutboundHostName": f"{its_id}.voiceconnector.chime.aws",
        "VoiceConnectorArn": service.account.arn(f"vc/{its_id}"),
    }


KEPT = Kept("voice-connectors", {"voice-connectors": _voice_connector}).operations


def delete_voice_connector(
    service: Service, request: "t.DeleteVoiceConnectorRequestTypeDef"
) -> Body:
    """Delete one that has no numbers, and that no rule and no group names."""
    its_id, account = request["VoiceConnectorId"], service.account
    host = there(service, (*CONNECTORS, its_id))["OutboundHostName"]
    used = {
        "has numbers, to be disassociated": account.numbers_of(its_id),
        "is the trigger of SIP rules, to be deleted": [
            rule.sip_rule_id
            for rule in account.holdings.rules.values()
            if rule.trigger_value == host
        ],
        "is in groups, to be taken out of them": [
            str(group["VoiceConnectorGroupId"])
            for group in service.resources.within(GROUPS)
            if its_id in items_of(group)
        ],
    }
    for how, names in used.items():
        if names:
            raise conflict(f"The Voice Connector {its_id} {how} first: {', '.join(names)}")
    return KEPT["DeleteVoiceConnector"](service, request)


def put_voice_connector_origination(
    service: Service, request: "t.PutVoiceConnectorOriginationRequestTypeDef"
) -> Body:
    """Say where calls to your equipment go: 1 to 20 routes, or none where it is disabled."""
    origination = request["Origination"]
    routes = origination.get("Routes")
    if routes is None and "Disabled" not in origination:
        raise bad_request("Origination: Routes, or Disabled, must be specified")
    if routes is not None and not 1 <= len(routes) <= MOST_ROUTES:
        raise bad_request(f"Origination: 1 to {MOST_ROUTES} Routes are allowed, or none at all")
    return KEPT["PutVoiceConnectorOrigination"](service, request)


def delete_voice_connector_origination(
    service: Service, request: "t.DeleteVoiceConnectorOriginationRequestTypeDef"
) -> Body:
    """Delete where calls to your equipment go: after the emergency calling."""
    _no_emergency_calling(service, request["VoiceConnectorId"])
    return KEPT["DeleteVoiceConnectorOrigination"](service, request)


def delete_voice_connector_termination(
    service: Service, request: "t.DeleteVoiceConnectorTerminationRequestTypeDef"
) -> Body:
    """Delete where calls of your equipment come from, and its credentials: after the emergency
    calling."""
    _no_emergency_calling(service, request["VoiceConnectorId"])
    return KEPT["DeleteVoiceConnectorTermination"](service, request)


def _no_emergency_calling(service: Service, its_id: str) -> None:
    if service.resources.get((*CONNECTORS, its_id, "emergency-calling-configuration")):
        raise bad_request(
            f"The Voice Connector {its_id} has emergency calling: delete that first "
            "(DeleteVoiceConnectorEmergencyCallingConfiguration)"
        )


def put_voice_connector_termination_credentials(
    service: Service, request: "t.PutVoiceConnectorTerminationCredentialsRequestTypeDef"
) -> Body:
    """Add credentials, or change passwords; nobody is shown those."""
    path = _credentials(service, request["VoiceConnectorId"])
    said = [each.get("Username", "") for each in request.get("Credentials", ())]
    if not all(said):
        raise bad_request("Credentials: each needs a Username")
    names = dict.fromkeys([*_usernames(service, path), *said])
    service.resources.put(path, {"Usernames": list(names)})
    return None


def list_voice_connector_termination_credentials(
    service: Service, request: "t.ListVoiceConnectorTerminationCredentialsRequestTypeDef"
) -> Body:
    """The names of the credentials."""
    return {"Usernames": _usernames(service, _credentials(service, request["VoiceConnectorId"]))}


def delete_voice_connector_termination_credentials(
    service: Service, request: "t.DeleteVoiceConnectorTerminationCredentialsRequestTypeDef"
) -> Body:
    """Take credentials away; those that are not there are no fault."""
    path = _credentials(service, request["VoiceConnectorId"])
    names = [name for name in _usernames(service, path) if name not in request["Usernames"]]
    service.resources.put(path, {"Usernames": names})
    return None


def _credentials(service: Service, its_id: str) -> Path:
    there(service, termination := (*CONNECTORS, its_id, "termination"))
    return (*termination, "credentials")


def _usernames(service: Service, path: Path) -> Sequence[str]:
    return cast("Sequence[str]", (service.resources.get(path) or {}).get("Usernames", ()))


def get_voice_connector_termination_health(
    service: Service, request: "t.GetVoiceConnectorTerminationHealthRequestTypeDef"
) -> Body:
    """Nothing: no ping ever comes from your equipment to the desk."""
    there(service, (*CONNECTORS, request["VoiceConnectorId"]))
    return {"TerminationHealth": {}}


def list_available_voice_connector_regions(_service: Service, _request: object) -> Body:
    """Where one can be made."""
    return {"VoiceConnectorRegions": list(REGIONS)}


def associate_phone_numbers_with_voice_connector(
    service: Service, request: "t.AssociatePhoneNumbersWithVoiceConnectorRequestTypeDef"
) -> Body:
    """Give it numbers of the product type VoiceConnector; what cannot be given is listed."""
    there(service, (*CONNECTORS, request["VoiceConnectorId"]))
    return associate(
        service,
        "VoiceConnectorId",
        request["VoiceConnectorId"],
        request["E164PhoneNumbers"],
        force=request.get("ForceAssociate", False),
    )


def disassociate_phone_numbers_from_voice_connector(
    service: Service, request: "t.DisassociatePhoneNumbersFromVoiceConnectorRequestTypeDef"
) -> Body:
    """Take numbers from it; those that it does not have are listed."""
    there(service, (*CONNECTORS, request["VoiceConnectorId"]))
    return disassociate(service, request["VoiceConnectorId"], request["E164PhoneNumbers"])
