"""Voice Connectors beside SIP media applications: made, used by rules and CallAndBridge, deleted.

About `offhook.emulator.call.voice_connectors`, `offhook.emulator.server.api.assigning`,
`offhook.emulator.server.api.keeping`, `offhook.emulator.service.state`.
"""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient
from types_boto3_chime_sdk_voice.type_defs import (
    OriginationRouteTypeDef,
    OriginationUnionTypeDef,
    VoiceConnectorItemTypeDef,
    VoiceConnectorTypeDef,
)

from offhook.actions import CallAndBridge
from offhook.emulator.server.api.keeping import ENDED
from offhook.emulator.server.api.model import load_model
from offhook.emulator.server.listening import Server
from tests.emulator.functions import error, in_turn, legs
from tests.emulator.server.calls import desk, dials
from tests.emulator.server.conftest import OURS, Serves, application, client
from tests.emulator.server.operations.phone_numbers import OFFICE, office
from tests.patience import until

ROUTE: OriginationRouteTypeDef = {"Host": "pbx.example.com", "Priority": 1, "Weight": 1}
ELSEWHERE = "arn:aws:chime:us-east-1:123456789012:vc/ab1cdefghij2klmno3pqr4"


def makes(voice: ChimeSDKVoiceClient, name: str = "office") -> VoiceConnectorTypeDef:
    return voice.create_voice_connector(Name=name, RequireEncryption=True)["VoiceConnector"]


def rule_of(server: Server, voice: ChimeSDKVoiceClient, host: str) -> str:
    made = voice.create_sip_rule(
        Name="from the office",
        TriggerType="RequestUriHostname",
        TriggerValue=host,
        TargetApplications=[{"SipMediaApplicationId": application(server), "Priority": 1}],
    )["SipRule"]
    return made.get("SipRuleId", "")


def test_a_call_to_its_host_reaches_the_application_of_its_rule(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    host = makes(voice).get("OutboundHostName", "")
    rule = rule_of(server, voice, host)
    call = dials(server, "+15550107777", Host=host)
    assert call.told.identity.sip_rule_id == rule


def test_where_there_are_some_a_rule_has_the_host_of_one(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    made = makes(voice)
    with pytest.raises(voice.exceptions.BadRequestException, match="of no Voice Connector that"):
        rule_of(server, voice, "abcdefghij0123456789ab.voiceconnector.chime.aws")
    rule_of(server, voice, made.get("OutboundHostName", ""))


def test_a_host_may_begin_with_21_characters(server: Server, voice: ChimeSDKVoiceClient) -> None:
    assert rule_of(server, voice, "abcdefghij0123456789a.voiceconnector.chime.aws")
    with pytest.raises(voice.exceptions.BadRequestException, match="no outbound host name"):
        rule_of(server, voice, "abcdefghij0123456789.voiceconnector.chime.aws")


@pytest.mark.parametrize(
    ("origination", "came"),
    [
        ({"Routes": [ROUTE]}, ""),
        ({"Routes": [ROUTE], "Disabled": True}, "CallNotAnswered"),
        ({"Disabled": False}, "CallNotAnswered"),
        (None, "CallNotAnswered"),
    ],
)
@pytest.mark.parametrize("through", ["itself", "its group"])
def test_a_call_goes_out_through_it_where_it_has_a_route(
    serves: Serves, origination: OriginationUnionTypeDef | None, came: str, through: str
) -> None:
    actions: list[CallAndBridge] = []
    server = serves(in_turn(actions, [], []))
    voice = client(server)
    made = makes(voice)
    its_id, arn = made.get("VoiceConnectorId", ""), made.get("VoiceConnectorArn", "")
    if through == "its group":
        group = voice.create_voice_connector_group(
            Name="all", VoiceConnectorItems=[{"VoiceConnectorId": its_id, "Priority": 1}]
        )["VoiceConnectorGroup"]
        arn = group.get("VoiceConnectorGroupArn", "")
    if origination is not None:
        voice.put_voice_connector_origination(VoiceConnectorId=its_id, Origination=origination)
    actions.append(
        CallAndBridge(caller_id_number=OURS, bridge_endpoint_type="AWS", arn=arn, uri="5550")
    )
    call = dials(server, OURS)
    until(lambda: len(call.told.events) > 1)
    told = call.told.events[1]
    if came:
        assert error(told)[0] == came
        assert f"{arn} leads nowhere" in call.ladder.render()
    else:
        assert legs(told)[1]["To"] == "5550"


def test_there_is_none_of_this_arn(serves: Serves) -> None:
    bridge = CallAndBridge(
        caller_id_number=OURS, bridge_endpoint_type="AWS", arn=ELSEWHERE, uri="5550"
    )
    server = serves(in_turn([bridge], []))
    made = makes(client(server))
    call = dials(server, OURS)
    until(lambda: len(call.told.events) > 1)
    came = ("InvalidActionParameter", "Endpoint parameter is invalid.")
    assert error(call.told.events[1]) == came
    assert made.get("VoiceConnectorArn", "-") in call.ladder.render()


def test_what_needs_it_is_deleted_before_it(server: Server, voice: ChimeSDKVoiceClient) -> None:
    made = makes(voice)
    its_id = made.get("VoiceConnectorId", "")
    office(server)
    voice.associate_phone_numbers_with_voice_connector(
        VoiceConnectorId=its_id, E164PhoneNumbers=[OFFICE]
    )
    rule = rule_of(server, voice, made.get("OutboundHostName", ""))
    group = voice.create_voice_connector_group(
        Name="all", VoiceConnectorItems=[{"VoiceConnectorId": its_id, "Priority": 1}]
    )["VoiceConnectorGroup"].get("VoiceConnectorGroupId", "")

    def refused(why: str) -> None:
        with pytest.raises(voice.exceptions.ConflictException, match=why):
            voice.delete_voice_connector(VoiceConnectorId=its_id)

    refused(f"has numbers, .*{OFFICE[1:]}")
    voice.disassociate_phone_numbers_from_voice_connector(
        VoiceConnectorId=its_id, E164PhoneNumbers=[OFFICE]
    )
    refused(f"is the trigger of SIP rules, .*{rule}")
    voice.update_sip_rule(SipRuleId=rule, Name="from the office", Disabled=True)
    voice.delete_sip_rule(SipRuleId=rule)
    refused(f"is in groups, .*{group}")
    with pytest.raises(voice.exceptions.ConflictException, match="has Voice Connectors or numbers"):
        voice.delete_voice_connector_group(VoiceConnectorGroupId=group)
    voice.update_voice_connector_group(
        VoiceConnectorGroupId=group, Name="all", VoiceConnectorItems=[]
    )
    voice.delete_voice_connector_group(VoiceConnectorGroupId=group)
    voice.delete_voice_connector(VoiceConnectorId=its_id)
    with pytest.raises(voice.exceptions.NotFoundException):
        voice.get_voice_connector(VoiceConnectorId=its_id)


@pytest.mark.parametrize(
    ("origination", "why"),
    [
        ({}, "or Disabled, must"),
        ({"Routes": []}, "1 to 20"),
        ({"Routes": [ROUTE] * 21}, "20"),
    ],
)
def test_an_origination_has_routes_or_is_disabled(
    voice: ChimeSDKVoiceClient, origination: OriginationUnionTypeDef, why: str
) -> None:
    its_id = makes(voice).get("VoiceConnectorId", "")
    with pytest.raises(voice.exceptions.BadRequestException, match=why):
        voice.put_voice_connector_origination(VoiceConnectorId=its_id, Origination=origination)


@pytest.mark.parametrize("deletes", ["origination", "termination"])
def test_emergency_calling_is_deleted_before_what_it_needs(
    voice: ChimeSDKVoiceClient, deletes: str
) -> None:
    its_id = makes(voice).get("VoiceConnectorId", "")
    voice.put_voice_connector_origination(VoiceConnectorId=its_id, Origination={"Routes": [ROUTE]})
    voice.put_voice_connector_termination(VoiceConnectorId=its_id, Termination={"CpsLimit": 1})
    voice.put_voice_connector_emergency_calling_configuration(
        VoiceConnectorId=its_id,
        EmergencyCallingConfiguration={
            "DNIS": [{"EmergencyPhoneNumber": OFFICE, "CallingCountry": "US"}]
        },
    )
    delete = getattr(voice, f"delete_voice_connector_{deletes}")
    with pytest.raises(ClientError, match="has emergency calling: delete that first"):
        delete(VoiceConnectorId=its_id)
    voice.delete_voice_connector_emergency_calling_configuration(VoiceConnectorId=its_id)
    delete(VoiceConnectorId=its_id)


def test_credentials_need_a_termination_and_names(voice: ChimeSDKVoiceClient) -> None:
    its_id = makes(voice).get("VoiceConnectorId", "")
    put = voice.put_voice_connector_termination_credentials
    with pytest.raises(voice.exceptions.NotFoundException, match="/termination"):
        put(VoiceConnectorId=its_id, Credentials=[{"Username": "pbx", "Password": "p"}])
    voice.put_voice_connector_termination(VoiceConnectorId=its_id, Termination={"CpsLimit": 1})
    with pytest.raises(voice.exceptions.BadRequestException, match="each needs a Username"):
        put(VoiceConnectorId=its_id, Credentials=[{"Password": "p"}])


def test_three_and_three_groups_are_allowed(serves: Serves) -> None:
    voice = client(serves(quotas={}))
    for n in range(3):
        makes(voice, f"office {n}")
        voice.create_voice_connector_group(Name=f"group {n}")
    limit = voice.exceptions.ResourceLimitExceededException
    with pytest.raises(limit, match="3 Voice Connectors, and 3 are allowed"):
        makes(voice, "one more")
    with pytest.raises(limit, match="3 Voice Connector groups, and 3 are allowed"):
        voice.create_voice_connector_group(Name="one more")


def test_a_group_has_three_that_there_are(voice: ChimeSDKVoiceClient) -> None:
    its_id = makes(voice).get("VoiceConnectorId", "")
    item: VoiceConnectorItemTypeDef = {"VoiceConnectorId": its_id, "Priority": 1}
    with pytest.raises(voice.exceptions.BadRequestException, match="3 at most are allowed"):
        voice.create_voice_connector_group(Name="all", VoiceConnectorItems=[item] * 4)
    with pytest.raises(voice.exceptions.NotFoundException):
        voice.create_voice_connector_group(
            Name="all", VoiceConnectorItems=[{"VoiceConnectorId": "a" * 22, "Priority": 1}]
        )


def test_a_number_is_of_one_of_them(server: Server, voice: ChimeSDKVoiceClient) -> None:
    first, second = (makes(voice, name).get("VoiceConnectorId", "") for name in ("one", "two"))
    office(server)

    def gives(its_id: str, number: str = OFFICE, *, force: bool = False) -> list[str]:
        answer = voice.associate_phone_numbers_with_voice_connector(
            VoiceConnectorId=its_id, E164PhoneNumbers=[number], ForceAssociate=force
        )
        return [str(each.get("ErrorCode")) for each in answer["PhoneNumberErrors"]]

    assert gives(first, OURS) == ["BadRequest"], "its product type is SipMediaApplicationDialIn"
    assert gives(first) == []
    assert gives(second) == ["Conflict"]
    assert gives(second, force=True) == []
    (found,) = voice.list_phone_numbers(FilterName="VoiceConnectorId", FilterValue=second)[
        "PhoneNumbers"
    ]
    assert (found.get("E164PhoneNumber"), found.get("Status")) == (OFFICE, "Assigned")
    assert [each.get("Value") for each in found.get("Associations", ())] == [second]
    with pytest.raises(voice.exceptions.BadRequestException, match="disassociate it first"):
        voice.delete_phone_number(PhoneNumberId=OFFICE)
    with pytest.raises(voice.exceptions.ConflictException, match="disassociate it before"):
        voice.update_phone_number(PhoneNumberId=OFFICE, ProductType="SipMediaApplicationDialIn")
    answer = voice.disassociate_phone_numbers_from_voice_connector(
        VoiceConnectorId=first, E164PhoneNumbers=[OFFICE]
    )
    assert [each.get("ErrorCode") for each in answer["PhoneNumberErrors"]] == ["NotFound"]


def test_they_are_there_after_a_restart_and_have_tags(serves: Serves, tmp_path: Path) -> None:
    server = serves(state=tmp_path / "state.json")
    voice = client(server)
    made = makes(voice)
    its_id, arn = made.get("VoiceConnectorId", ""), made.get("VoiceConnectorArn", "")
    voice.put_voice_connector_origination(VoiceConnectorId=its_id, Origination={"Routes": [ROUTE]})
    voice.tag_resource(ResourceARN=arn, Tags=[{"Key": "team", "Value": "desk"}])
    server.service.meetings.make("5c1b3f6e-8a2d-47e9-93b0-1d7f04c62706", {})
    server.stop()
    server = serves(state=tmp_path / "state.json")
    voice = client(server)
    assert voice.get_voice_connector(VoiceConnectorId=its_id)["VoiceConnector"] == made
    origination = voice.get_voice_connector_origination(VoiceConnectorId=its_id)["Origination"]
    assert origination.get("Routes") == [ROUTE]
    tags = voice.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "team", "Value": "desk"}]
    assert server.service.resources.within(("meetings",)) == [], "they are not looked for again"


def test_what_aws_has_ended_is_not_emulated_and_says_so_in_a_line(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    its_id = makes(voice).get("VoiceConnectorId", "")
    with pytest.raises(ClientError, match="GetVoiceConnectorProxy is not emulated") as refused:
        voice.get_voice_connector_proxy(VoiceConnectorId=its_id)
    answer = refused.value.response
    assert answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == 501
    assert len(answer.get("Error", {}).get("Message", "")) < 100
    assert "GET /_offhook lists what is" in str(refused.value)
    operations = desk(server, "GET", "")[1]["Operations"]
    assert "GetVoiceConnectorOrigination" in operations
    model = load_model().operations
    ended = [name for name in operations if ENDED in model[name].model.documentation]
    assert ended == [], "AWS has ended these: delete what is written of them"
