"""Success stories of the operations on SIP rules."""

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from offhook.emulator.service.records import SipRule
from tests.emulator.server.conftest import OURS, application

HOST = "abcdefghij0123456789ab.voiceconnector.chime.aws"


def only_rule(server: Server) -> SipRule:
    """The one that the configuration made: it has our number."""
    (its_id,) = server.service.account.holdings.rules
    return server.service.account.rule(its_id)


def create_sip_rule(server: Server, voice: ChimeSDKVoiceClient) -> None:
    made = voice.create_sip_rule(
        Name="service",
        TriggerType="RequestUriHostname",
        TriggerValue=HOST,
        TargetApplications=[{"SipMediaApplicationId": application(server), "Priority": 1}],
    )["SipRule"]
    assert server.service.account.rule(made.get("SipRuleId", "")).trigger_value == HOST


def get_sip_rule(server: Server, voice: ChimeSDKVoiceClient) -> None:
    rule = voice.get_sip_rule(SipRuleId=only_rule(server).sip_rule_id)["SipRule"]
    assert (rule.get("TriggerType"), rule.get("TriggerValue")) == ("ToPhoneNumber", OURS)


def list_sip_rules(server: Server, voice: ChimeSDKVoiceClient) -> None:
    (rule,) = voice.list_sip_rules(SipMediaApplicationId=application(server))["SipRules"]
    assert rule.get("SipRuleId") == only_rule(server).sip_rule_id


def update_sip_rule(server: Server, voice: ChimeSDKVoiceClient) -> None:
    its_id = only_rule(server).sip_rule_id
    updated = voice.update_sip_rule(SipRuleId=its_id, Name="closed", Disabled=True)
    assert (updated["SipRule"].get("Name"), updated["SipRule"].get("Disabled")) == ("closed", True)
    assert (only_rule(server).name, only_rule(server).disabled) == ("closed", True)


def delete_sip_rule(server: Server, voice: ChimeSDKVoiceClient) -> None:
    rule = only_rule(server)
    rule.disabled = True
    voice.delete_sip_rule(SipRuleId=rule.sip_rule_id)
    assert not server.service.account.holdings.rules
