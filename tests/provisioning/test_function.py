"""What CloudFormation is told, when, and how often.

Of ids, updates and removals, which other people's functions get wrong: `test_phone_numbers.py` and
`test_sip_rules.py`; of deaths and failures, `test_every_failure.py`. About
`offhook.provisioning.function`, `offhook.provisioning.requests`, `offhook.provisioning.service`.
"""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from offhook.emulator.faults import Fault
from offhook.emulator.server.listening import Server
from offhook.provisioning.function import KINDS
from offhook.provisioning.requests import PATIENCE_SECONDS, Request
from offhook.provisioning.service import lines, stack_region
from tests.provisioning.cloudformation import CloudFormation
from tests.provisioning.conftest import OURS, bought


def test_every_resource_has_an_id_of_its_own(stack: CloudFormation, application: str) -> None:
    """One that is the same for all, as the name of the log stream, hides that one was replaced."""
    ids = {
        stack.creates("PhoneNumber", PhoneNumber=OURS).physical_id,
        stack.creates("SipRule", TriggerValue=OURS, SipMediaApplicationId=application).physical_id,
    }
    assert len(ids) == len(KINDS)


def test_the_second_stack_of_a_template_has_a_number_of_its_own(
    stack: CloudFormation, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    monkeypatch.setattr(
        "tests.provisioning.cloudformation.STACK",
        "arn:aws:cloudformation:us-east-1:123456789012:stack/front-desk/9a2b",
    )
    second = stack.creates("PhoneNumber", Search="US 206").physical_id
    assert sorted(bought(server)) == sorted([first, second])
    assert first != second


def test_what_takes_too_long_fails_with_what_it_waited_for_and_leaves_nothing(
    stack: CloudFormation, server: Server
) -> None:
    stack.each = 1
    late = {"Search": "US 206"}
    made = stack.asks("Create", "PhoneNumber", late, waited=PATIENCE_SECONDS + 1)
    assert made.status == "FAILED"
    assert "is ordered; it was so for 45 minutes. Try again later" in made.reason
    assert bought(server) != []
    assert stack.deletes("PhoneNumber", made.physical_id, **late).status == "SUCCESS"
    assert bought(server) == []


def test_a_service_that_is_busy_is_asked_again_in_a_minute(
    stack: CloudFormation, server: Server
) -> None:
    server.service.faults.put(Fault("ListPhoneNumbers", "ThrottledClientException", 3))
    assert stack.creates("PhoneNumber", PhoneNumber=OURS).status == "SUCCESS"
    assert len(stack.answers) == 2  # one for each delivery


def test_a_service_that_is_out_of_reach_is_asked_again(
    stack: CloudFormation, server: Server
) -> None:
    server.stop()
    with pytest.raises(AssertionError, match="never done"):
        stack.creates("PhoneNumber", PhoneNumber=OURS)
    assert stack.answers == []


def test_an_answer_that_does_not_arrive_is_given_again(stack: CloudFormation) -> None:
    stack.refusals += [503, 500]
    assert stack.creates("PhoneNumber", PhoneNumber=OURS).status == "SUCCESS"
    stack.refusals += [503]
    assert stack.creates("PhoneNumber").status == "FAILED"


@pytest.mark.parametrize("said", [{}, {"PhoneNumber": None, "Search": []}, {"Serach": "US"}])
def test_properties_that_say_nothing_are_none(
    stack: CloudFormation, said: Mapping[str, object]
) -> None:
    made = stack.asks("Create", "PhoneNumber", said)
    assert made.reason.startswith("give PhoneNumber, one that the account has, or Search")
    made = stack.asks("Create", "PhoneNumber", {**said, "PhoneNumber": OURS})
    assert made.status == "SUCCESS", made.reason


def test_a_request_without_properties_is_answered() -> None:
    for nothing in ({}, {"ResourceProperties": None, "OldResourceProperties": None}):
        request = Request({**nothing, "StackId": "s/1", "LogicalResourceId": "Number"}, 0.0)
        assert request.text("Search") == request.text("Search", former=True) == ""


def test_nobody_is_told_whose_url_has_run_out(stack: CloudFormation) -> None:
    stack.refusals += [403]
    assert stack.creates("PhoneNumber", PhoneNumber=OURS).status == "SUCCESS"
    assert len(stack.answers) == 1


def test_a_kind_that_there_is_not_is_told_those_there_are(stack: CloudFormation) -> None:
    made = stack.creates("VoiceConnector")
    assert made.status == "FAILED"
    assert "Custom::VoiceConnector is none of Custom::PhoneNumber, " in made.reason
    assert stack.deletes("VoiceConnector", made.physical_id).status == "SUCCESS"


def test_a_mistake_of_our_own_is_a_failure_and_no_stack_that_waits_for_an_hour(
    stack: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    made = stack.creates("PhoneNumber", PhoneNumber=OURS)
    assert (made.status, made.reason[:10]) == ("FAILED", "KeyError: ")


@pytest.mark.parametrize(
    ("error", "to_do"),
    [
        ("AccessDeniedException", "Give the role of the provisioning function that permission"),
        ("ResourceLimitExceededException", "have the quota raised in Service Quotas"),
        ("UnauthorizedClientException", "takes no new customers"),
    ],
)
def test_a_reason_says_what_to_do(
    stack: CloudFormation, server: Server, error: str, to_do: str
) -> None:
    stack.each = 1
    server.service.faults.put(Fault("CreatePhoneNumberOrder", error, 1))
    assert to_do in stack.creates("PhoneNumber", Search="US").reason


def test_a_reason_has_room_in_an_answer_whatever_it_quotes(stack: CloudFormation) -> None:
    """Where an answer is longer, CloudFormation does not hear it, and waits for an hour."""
    for search in ("語" * 2_000, "\U0001f4de" * 2_000, "\ud800" * 2_000):
        made = stack.creates("PhoneNumber", Search=search)
        assert made.status == "FAILED"
        assert made.reason.startswith("Search ")


def test_numbers_and_rules_are_asked_for_where_numbers_are_provisioned(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    for here, there in {"eu-central-1": "us-east-1", "us-west-2": "us-west-2"}.items():
        monkeypatch.setenv("AWS_REGION", here)
        assert (lines().meta.region_name, stack_region()) == (there, here)


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(days=1)])
def test_only_what_a_failed_update_made_goes_with_its_roll_back(
    stack: CloudFormation, server: Server, age: timedelta
) -> None:
    """A number that was kept when it was replaced, long ago, stays."""
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    kept = stack.creates("PhoneNumber", Search="US 212").physical_id
    server.service.account.holdings.numbers[kept].created_timestamp -= age
    back: Mapping[str, object] = {"Search": "US 206"}
    stack.asks("Update", "PhoneNumber", back, before={"Search": "US 212"}, its_id=first)
    assert (kept in bought(server)) == (age > timedelta(hours=3))
    assert first in bought(server)
