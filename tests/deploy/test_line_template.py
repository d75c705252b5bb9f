"""The line at a glance: number, rule, application made by the stack, nothing bought unasked."""

import re
from pathlib import Path
from typing import cast

import pytest

from flows.app import number_of
from offhook.emulator.function.function import Limits
from offhook.emulator.function.intrinsics import Values
from offhook.provisioning.function import KINDS
from offhook.provisioning.phone_numbers import SEARCH
from tests.deploy.shapes import Json, Resources

Templates = dict[str, dict[str, Resources]]
ROOT = Path(__file__).parents[2]


def properties(resources: Resources, name: str) -> dict[str, Json]:
    """What is said of a resource."""
    return cast("dict[str, Json]", resources[name]["Properties"])


def test_the_line_is_told_at_a_glance(templates: Templates) -> None:
    lines = (ROOT / "template.yaml").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 300
    assert len(templates["template.yaml"]["Parameters"]) <= 12


def test_every_custom_resource_is_of_a_kind_that_there_is(resources: Resources) -> None:
    kinds = {str(one["Type"]) for one in resources.values()}
    assert {kind for kind in kinds if kind.startswith("Custom::")} == KINDS.keys()


def test_no_number_is_bought_unless_somebody_asks(
    resources: Resources, parameters: Resources, templates: Templates
) -> None:
    assert parameters["NewNumber"]["Default"] == parameters["PhoneNumber"]["Default"] == ""
    conditions = cast("dict[str, Json]", templates["template.yaml"]["Conditions"])
    not_asked: Json = {"Fn::Equals": [{"Ref": "NewNumber"}, ""]}
    assert conditions["Orders"] == {"Fn::Not": [not_asked]}
    asks = cast("dict[str, Json]", properties(resources, "Provisioning")["Parameters"])
    assert asks == {"MayOrder": {"Fn::If": ["Orders", "true", "false"]}}
    # What may be ordered with is in the policy of the condition alone: test_template.py.


def test_the_number_stays_when_the_stack_goes_and_goes_when_its_creation_fails(
    resources: Resources,
) -> None:
    number = resources["Number"]
    assert number["DeletionPolicy"] == "RetainExceptOnCreate"
    assert number["UpdateReplacePolicy"] == "Retain"


def test_an_update_of_a_stack_that_has_data_keeps_it(templates: Templates) -> None:
    """Another name, type, key or place would be another resource, and an empty one."""
    line = templates["template.yaml"]["Resources"]
    types = {name: line[name]["Type"] for name in ("Ledger", "Prompts", "Recordings")}
    assert types == {
        "Ledger": "AWS::DynamoDB::Table",
        "Prompts": "AWS::S3::Bucket",
        "Recordings": "AWS::S3::Bucket",
    }
    for name in types:
        assert not {"BucketName", "Condition", "TableName"} & (
            properties(line, name).keys() | line[name].keys()
        )
    assert properties(line, "Ledger")["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]


@pytest.mark.parametrize("said", ["US", "US 206", "US 833", "GB Local", "US TollFree"])
def test_the_parameter_takes_what_the_function_takes(parameters: Resources, said: str) -> None:
    assert re.search(str(parameters["NewNumber"]["AllowedPattern"]), said)
    assert SEARCH.fullmatch(said)


@pytest.mark.parametrize("said", ["us", "206", "US 20", "US206", "US local"])
def test_the_parameter_refuses_what_the_function_refuses(parameters: Resources, said: str) -> None:
    assert not re.search(str(parameters["NewNumber"]["AllowedPattern"]), said)
    assert not SEARCH.fullmatch(said)


def test_the_rule_leads_from_the_number_to_the_application_that_invokes_the_alias(
    resources: Resources,
) -> None:
    rule, application = properties(resources, "Rule"), properties(resources, "Application")
    assert rule["TriggerValue"] == {"Ref": "Number"}
    made: Json = {"Fn::GetAtt": ["Application", "SipMediaApplicationId"]}
    its_id: Json = {"Fn::If": ["MakesApplication", made, {"Ref": "SipMediaApplicationId"}]}
    assert rule["SipMediaApplicationId"] == its_id
    assert application["Endpoints"] == [{"LambdaArn": {"Ref": "CallFunction.Alias"}}]


@pytest.mark.parametrize(
    ("parameter", "said", "variables"),
    [
        (
            "LogLevel",
            "INFO",
            {"POWERTOOLS_LOG_LEVEL": "INFO", "POWERTOOLS_LOGGER_SAMPLE_RATE": "0"},
        ),
        (
            "LogLevel",
            "WARNING 0.25",
            {"POWERTOOLS_LOG_LEVEL": "WARNING", "POWERTOOLS_LOGGER_SAMPLE_RATE": "0.25"},
        ),
        ("FlowSettings", "", {"RECEPTION_DESK": "", "WORKSHOP_TIMEZONE": "UTC", "CLINIC_DESK": ""}),
        (
            "FlowSettings",
            "WORKSHOP_TIMEZONE=Europe/Berlin,CLINIC_DIRECTORY=https://example.com/a?b=c",
            {
                "RECEPTION_DESK": "",
                "WORKSHOP_TIMEZONE": "Europe/Berlin",
                "CLINIC_DIRECTORY": "https://example.com/a?b=c",
            },
        ),
        (
            "FlowSettings",
            "RECEPTION_DESK=+15550100300,CLINIC_DESK=+15550100301",
            {"RECEPTION_DESK": "+15550100300", "CLINIC_DESK": "+15550100301"},
        ),
    ],
)
def test_one_parameter_says_several_variables(
    templates: Templates, parameter: str, said: str, variables: dict[str, str]
) -> None:
    pattern = str(templates["template.yaml"]["Parameters"][parameter]["AllowedPattern"])
    assert re.search(pattern, said)
    environment = cast(
        "dict[str, Json]",
        properties(templates["template.yaml"]["Resources"], "CallFunction")["Environment"],
    )
    values = Values({"Parameters": {parameter: {"Default": said}}}, Limits())
    told = cast("dict[str, object]", environment["Variables"])
    assert {name: values.value(told[name]) for name in variables} == variables


def test_what_a_parameter_refuses_is_told_with_what_it_takes(every_template: Templates) -> None:
    """Else CloudFormation quotes the pattern."""
    for name, template in every_template.items():
        for parameter, one in template.get("Parameters", {}).items():
            if pattern := str(one.get("AllowedPattern", "")):
                told = str(one.get("ConstraintDescription", "")).partition(", as in ")
                assert all(told), f"{name}: {parameter}"
                assert re.fullmatch(pattern, told[2]), told
                assert re.fullmatch(pattern, str(one["Default"]))


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("LogLevel", "LOUD"),
        ("LogLevel", "INFO 2"),
        ("FlowSettings", "+15550100300"),
        ("FlowSettings", "RECEPTION_DESK=+15550100300,"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(
    parameters: Resources, parameter: str, said: str
) -> None:
    assert not re.search(str(parameters[parameter]["AllowedPattern"]), said)


def test_two_executions_never_have_one_request(resources: Resources) -> None:
    timeout = cast("int", properties(resources, "ProvisioningFunction")["Timeout"])
    hidden = cast("int", properties(resources, "Requests")["VisibilityTimeout"])
    assert timeout < hidden <= 60


def test_numbers_of_flows_are_a_map(parameters: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOW_NUMBERS", "reception,reminder=+15550100177")
    monkeypatch.setenv("LINE_NUMBER", "+15550100188")
    assert re.search(
        str(parameters["Numbers"]["AllowedPattern"]), "reception,reminder=+15550100177"
    )
    assert number_of("reception", "the desk's") == "+15550100188"
    assert number_of("reminder", "the desk's") == "+15550100177"
    assert number_of("waiting_room", "the desk's") == "the desk's"
    monkeypatch.setenv("LINE_NUMBER", "")
    assert number_of("reception", "the desk's") == "the desk's"
