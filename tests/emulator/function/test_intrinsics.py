"""What CloudFormation would work out, as far as a desk can know it."""

from collections.abc import Mapping

import pytest

from offhook.emulator.function.function import Limits
from offhook.emulator.function.intrinsics import Intrinsic, Values, shown

LOOKED_UP = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/table"}

TEMPLATE: Mapping[str, object] = {
    "Parameters": {
        "Stage": {"Default": "dev"},
        "Many": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Any": {},
        "Looked": LOOKED_UP,
    },
    "Mappings": {"ByRegion": {"eu-west-1": {"Size": 3}}, "ByStage": {"dev": {"Level": "DEBUG"}}},
    "Conditions": {
        "IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
        "IsProd": {"Fn::Not": [{"Condition": "IsDev"}]},
        "IsEither": {"Fn::Or": [{"Condition": "Unsaid"}, Intrinsic("Condition", "IsDev")]},
        "IsBoth": {"Fn::And": [{"Condition": "Unsaid"}, {"Condition": "IsProd"}]},
        "Unsaid": {"Fn::Equals": [{"Ref": "Any"}, ""]},
        "NotKnown": {"Fn::And": [{"Condition": "IsDev"}, {"Condition": "Unsaid"}]},
        "Round": {"Fn::Not": [{"Condition": "Round"}]},
        "Odd": {"Fn::Contains": [["a"], "a"]},
    },
    "Resources": {
        "Named": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {"TableName": {"Fn::Sub": "callers-${Stage}"}},
        },
        "Unnamed": {"Type": "AWS::DynamoDB::Table"},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "prompts"}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "calls"}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news"}},
        "Depot": {"Type": "AWS::Serverless::Function", "Properties": {"FunctionName": "depot"}},
        "Calls": {"Type": "AWS::Lambda::Function"},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"Name": "key"}},
        "Round": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Trip"}}},
        "Trip": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Round"}}},
    },
}
QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/calls"


@pytest.mark.parametrize(
    ("value", "is_here"),
    [
        ("text", "text"),
        ({"Ref": "Stage"}, "dev"),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::NoValue"}, None),
        ({"Ref": "Named"}, "callers-dev"),
        ({"Ref": "Bucket"}, "prompts"),
        ({"Ref": "Queue"}, QUEUE),
        ({"Ref": "Topic"}, "arn:aws:sns:eu-west-1:123456789012:news"),
        ({"Ref": "Depot"}, "depot"),
        (
            {"Fn::GetAtt": ["Named", "Arn"]},
            "arn:aws:dynamodb:eu-west-1:123456789012:table/callers-dev",
        ),
        ({"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::prompts"),
        ({"Fn::GetAtt": "Bucket.RegionalDomainName"}, "prompts.s3.eu-west-1.amazonaws.com"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:aws:sqs:eu-west-1:123456789012:calls"),
        ({"Fn::GetAtt": "Queue.QueueUrl"}, QUEUE),
        ({"Fn::GetAtt": "Queue.QueueName"}, "calls"),
        ({"Ref": "Calls"}, "Calls"),  # the desk calls it so
        ({"Fn::GetAtt": "Depot.Arn"}, "arn:aws:lambda:eu-west-1:123456789012:function:depot"),
        (
            {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/${!Key} of ${Queue.QueueName}"},
            "arn:aws:s3:::prompts/${Key} of calls",
        ),
        ({"Fn::Sub": ["${A}-${Stage}", {"A": {"Ref": "Bucket"}}]}, "prompts-dev"),
        (
            {"Fn::Join": ["-", ["a", {"Ref": "AWS::AccountId"}, 3, True]]},
            "a-123456789012-3-true",
        ),
        ({"Fn::Join": ["", {"Fn::Split": ["-", "a-b"]}]}, "ab"),
        ({"Fn::Select": [1, {"Fn::Split": ["-", {"Ref": "Named"}]}]}, "dev"),
        ({"Fn::FindInMap": ["ByRegion", {"Ref": "AWS::Region"}, "Size"]}, 3),
        ({"Fn::FindInMap": ["ByStage", {"Ref": "Stage"}, "Level"]}, "DEBUG"),
        ({"Fn::FindInMap": ["ByStage", "x", "Level", {"DefaultValue": "INFO"}]}, "INFO"),
        ({"Fn::Select": [1, {"Ref": "Many"}]}, "b"),
        ({"Fn::If": ["IsDev", {"Ref": "Bucket"}, "other"]}, "prompts"),
        ({"Fn::If": ["IsProd", "one", {"Fn::If": ["IsDev", "two", "three"]}]}, "two"),
        ({"Fn::If": ["IsProd", "one", {"Ref": "AWS::NoValue"}]}, None),
        (Intrinsic("If", ["IsEither", "one", "two"]), "one"),
        ({"Fn::If": ["IsBoth", "one", "two"]}, "two"),
        (Intrinsic("Sub", "${Stage}"), "dev"),
    ],
)
def test_what_is_known_at_the_desk(value: object, is_here: object) -> None:
    assert Values(TEMPLATE, Limits(region="eu-west-1")).value(value) == is_here


@pytest.mark.parametrize(
    ("value", "as_written"),
    [
        ({"Ref": "Any"}, "!Ref Any"),
        ({"Ref": "Looked"}, "!Ref Looked"),
        ("{{resolve:ssm:/table}}", "{{resolve:ssm:/table}}"),
        ({"Fn::Sub": "{{resolve:ssm:/${Stage}}}"}, "{{resolve:ssm:/dev}}"),
        ({"Ref": "Unnamed"}, "!Ref Unnamed"),
        ({"Ref": "Key"}, "!Ref Key"),
        ({"Ref": "Round"}, "!Ref Round"),
        ({"Fn::GetAtt": "Unnamed.Arn"}, "!GetAtt Unnamed.Arn"),
        ({"Fn::GetAtt": "Named.StreamArn"}, "!GetAtt Named.StreamArn"),
        ({"Fn::GetAtt": ["Named"]}, '!GetAtt ["Named"]'),
        ({"Fn::Sub": "${Unnamed}-x"}, "!Sub ${Unnamed}-x"),
        ({"Fn::Sub": ["${A}", {"A": {"Ref": "Any"}}]}, '!Sub ["${A}", {A: !Ref Any}]'),
        ({"Fn::Join": ["-", ["a", {"Ref": "Any"}]]}, '!Join ["-", ["a", !Ref Any]]'),
        ({"Fn::Join": "-"}, "!Join -"),
        ({"Fn::Select": [7, ["a"]]}, '!Select [7, ["a"]]'),
        ({"Fn::FindInMap": ["ByRegion", "x", "Size"]}, '!FindInMap ["ByRegion", "x", "Size"]'),
        ({"Fn::FindInMap": []}, "!FindInMap []"),
        ({"Fn::ImportValue": None}, "!ImportValue null"),
        ({"Fn::If": ["Unsaid", "one", "two"]}, '!If ["Unsaid", "one", "two"]'),
        ({"Fn::If": ["NotKnown", "one", "two"]}, '!If ["NotKnown", "one", "two"]'),
        ({"Fn::If": ["NoSuch", "one", "two"]}, '!If ["NoSuch", "one", "two"]'),
        ({"Fn::If": ["Round", "one", "two"]}, '!If ["Round", "one", "two"]'),
        ({"Fn::If": ["Odd", "one", "two"]}, '!If ["Odd", "one", "two"]'),
        ({"Fn::If": ["IsDev", "one"]}, '!If ["IsDev", "one"]'),
        ({"two": 1, "keys": [Intrinsic("Ref", "B")]}, "{two: 1, keys: [!Ref B]}"),
    ],
)
def test_what_only_the_cloud_knows_is_shown_as_it_is_written(
    value: object, as_written: str
) -> None:
    assert shown(Values(TEMPLATE, Limits(region="eu-west-1")).value(value)) == as_written


@pytest.mark.parametrize(
    ("region", "arn", "suffix"),
    [
        ("cn-north-1", "arn:aws-cn:s3:::prompts", "amazonaws.com.cn"),
        ("us-gov-west-1", "arn:aws-us-gov:s3:::prompts", "amazonaws.com"),
    ],
)
def test_the_partition_is_the_regions(region: str, arn: str, suffix: str) -> None:
    values = Values(TEMPLATE, Limits(region=region))
    assert values.value({"Fn::GetAtt": "Bucket.Arn"}) == arn
    assert values.value({"Ref": "AWS::URLSuffix"}) == suffix


def test_an_overridden_parameter_decides_a_condition() -> None:
    values = Values(TEMPLATE, Limits(), {"Stage": "prod"})
    assert values.value({"Fn::If": ["IsProd", "one", "two"]}) == "one"
