"""A rule sends calls to the stack's number to its application, follows both, and goes in order."""

from offhook.emulator.faults import Fault
from offhook.emulator.server.listening import Server
from offhook.provisioning.service import client
from tests.provisioning.cloudformation import CloudFormation
from tests.provisioning.conftest import OURS, bought, only_rule, rules


def test_a_rule_is_made_once_and_its_id_is_the_rules(
    stack: CloudFormation, server: Server, application: str
) -> None:
    made = stack.creates("SipRule", TriggerValue=OURS, SipMediaApplicationId=application)
    assert made.status == "SUCCESS", made.reason
    rule = only_rule(server)
    assert made.physical_id == rule.sip_rule_id
    assert (rule.trigger_value, rule.disabled) == (OURS, False)
    assert [one.SipMediaApplicationId for one in rule.target_applications] == [application]
    assert rule.name.startswith("front-desk-SipRule-")


def test_it_is_disabled_then_deleted_and_is_gone(
    stack: CloudFormation, server: Server, application: str
) -> None:
    said = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    its_id = stack.creates("SipRule", **said).physical_id
    asked: list[str] = []
    with stack.watched(lambda when, name: asked.append(name) if when == "before" else None):
        assert stack.deletes("SipRule", its_id, **said).status == "SUCCESS"
    assert asked.index("UpdateSipRule") < asked.index("DeleteSipRule")
    assert rules(server) == []


def test_an_update_sends_calls_to_the_other_application(
    stack: CloudFormation, server: Server, application: str
) -> None:
    before = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    its_id = stack.creates("SipRule", **before).physical_id
    other = (
        client("us-east-1")
        .create_sip_media_application(
            AwsRegion="us-east-1",
            Name="other",
            Endpoints=[{"LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:other:live"}],
        )["SipMediaApplication"]
        .get("SipMediaApplicationId", "")
    )
    after = {"TriggerValue": OURS, "SipMediaApplicationId": other}
    updated = stack.asks("Update", "SipRule", after, before=before, its_id=its_id)
    assert updated.physical_id == its_id
    assert [one.SipMediaApplicationId for one in only_rule(server).target_applications] == [other]


def test_an_update_enables_what_somebody_disabled_and_knows_it_by_its_id(
    stack: CloudFormation, server: Server, application: str
) -> None:
    said = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    its_id = stack.creates("SipRule", **said).physical_id
    rule = only_rule(server)
    rule.disabled, rule.name = True, "closed for lunch"
    assert stack.asks("Update", "SipRule", said, before=said, its_id=its_id).physical_id == its_id
    assert (only_rule(server).disabled, only_rule(server).name[:10]) == (False, "front-desk")


def test_another_number_is_another_rule(
    stack: CloudFormation, server: Server, application: str
) -> None:
    number = stack.creates("PhoneNumber", Search="US").physical_id
    before = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    after = {"TriggerValue": number, "SipMediaApplicationId": application}
    first = stack.creates("SipRule", **before).physical_id
    second = stack.asks("Update", "SipRule", after, before=before, its_id=first).physical_id
    assert second != first
    stack.deletes("SipRule", first, **before)
    assert only_rule(server).sip_rule_id == second
    assert only_rule(server).trigger_value == number


def test_a_number_that_is_still_on_its_way_is_waited_for(
    stack: CloudFormation, server: Server, application: str
) -> None:
    client("us-east-1").create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=["+12065550123"]
    )
    made = stack.creates("SipRule", TriggerValue="+12065550123", SipMediaApplicationId=application)
    assert made.status == "SUCCESS"
    assert bought(server) == ["+12065550123"]


def test_a_number_that_has_a_rule_keeps_it_and_says_which(
    stack: CloudFormation, server: Server, application: str
) -> None:
    theirs = (
        client("us-east-1")
        .create_sip_rule(
            Name="by hand",
            TriggerType="ToPhoneNumber",
            TriggerValue=OURS,
            TargetApplications=[{"SipMediaApplicationId": application, "Priority": 1}],
        )["SipRule"]
        .get("SipRuleId", "")
    )
    said = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    made = stack.creates("SipRule", **said)
    assert made.status == "FAILED"
    assert theirs in made.reason
    assert f"(by hand) has {OURS} already. Delete it (after it is disabled: Upd" in made.reason
    assert stack.deletes("SipRule", made.physical_id, **said).status == "SUCCESS"
    assert only_rule(server).sip_rule_id == theirs


def test_a_rule_without_an_application_says_so(stack: CloudFormation) -> None:
    assert "SipMediaApplicationId is missing" in stack.creates("SipRule", TriggerValue=OURS).reason


def test_a_rule_that_somebody_deleted_is_deleted_and_made_again_by_an_update(
    stack: CloudFormation, server: Server, application: str
) -> None:
    said = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    first = stack.creates("SipRule", **said).physical_id
    server.service.account.holdings.rules.clear()
    second = stack.asks("Update", "SipRule", said, before=said, its_id=first).physical_id
    assert second == only_rule(server).sip_rule_id != first
    assert stack.deletes("SipRule", first, **said).status == "SUCCESS"
    assert only_rule(server).sip_rule_id == second


def test_messages_are_logged_for_as_long_as_the_stack_says_so(
    stack: CloudFormation, server: Server, application: str
) -> None:
    logs = server.service.account.holdings.message_logs
    off = {"TriggerValue": OURS, "SipMediaApplicationId": application, "SipMessageLogs": "off"}
    on = {**off, "SipMessageLogs": "on"}
    its_id = stack.creates("SipRule", **off).physical_id
    assert logs == {}  # what somebody has set by hand stays
    stack.asks("Update", "SipRule", on, before=off, its_id=its_id)
    assert logs == {application: True}
    stack.asks("Update", "SipRule", off, before=on, its_id=its_id)
    assert logs == {application: False}
    unquoted = {**on, "SipMessageLogs": "true"}
    stack.asks("Update", "SipRule", unquoted, before=off, its_id=its_id)
    assert logs == {application: True}
    stack.asks("Update", "SipRule", off, before=unquoted, its_id=its_id)
    assert logs == {application: False}


def test_two_executions_at_one_moment_make_one_rule(
    stack: CloudFormation, server: Server, application: str
) -> None:
    said = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    stack.each, first = 1, [True]

    def another_comes(when: str, name: str) -> None:
        if first and (when, name) == ("before", "CreateSipRule"):
            first.clear()
            stack.creates("SipRule", **said)

    with stack.watched(another_comes):
        made = stack.creates("SipRule", **said)
    assert {each.status for each in stack.answers} == {"SUCCESS"}
    assert made.physical_id == only_rule(server).sip_rule_id


def test_a_rule_that_the_service_refuses_for_five_minutes_is_a_failure(
    stack: CloudFormation, server: Server, application: str
) -> None:
    """Before that the number may only have to settle."""
    said = {"TriggerValue": OURS, "SipMediaApplicationId": application}
    server.service.faults.put(Fault("CreateSipRule", "BadRequestException", 1))
    stack.each = 1
    told = stack.asks("Create", "SipRule", said, waited=301)
    assert told.status == "FAILED"
    assert told.reason.endswith("it was so for 5 minutes. Try again later")
    assert rules(server) == []
    server.service.faults.put(Fault("CreateSipRule", "BadRequestException", 1))
    assert stack.creates("SipRule", **said).physical_id == only_rule(server).sip_rule_id
