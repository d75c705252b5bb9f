"""Functions as a template of SAM or CloudFormation describes them.

About `offhook.emulator.function.zipped` as well."""

import json
import sys
from collections.abc import Mapping
from platform import python_version
from typing import cast
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.intrinsics import Intrinsic
from offhook.emulator.function.reach import reach
from offhook.emulator.function.template import Template
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone
from tests.emulator.function.conftest import Provides, Reached, Written, ask, listed, needs_node

NOT_HERE = "is left out: install what it brings beside the code"
SAM = """
    AWSTemplateFormatVersion: 2010-09-09
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Greeting: { Type: String, Default: Hello from a template. }
      Stage: { Type: String }
    Globals:
      Function:
        Runtime: python3.9
        Timeout: 7
        Environment:
          Variables: { LEVEL: info, TABLE: everywhere }
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: src/
          Handler: lines.app.lambda_handler
          MemorySize: 256
          Layers: [!Ref SomeLayer]
          Environment:
            Variables:
              GREETING: !Ref Greeting
              TABLE: !GetAtt Table.Arn
              BUCKET: !Sub "${Stage}-x"
              STAGE: !Ref Stage
              REGION: !Ref AWS::Region
              DEBUG: true
      Script:
        Type: AWS::Serverless::Function
        Properties: { CodeUri: web, Handler: dist/index.handler, Runtime: nodejs20.x }
      Table:
        Type: AWS::DynamoDB::Table
        Properties: !If [HasTable, !Ref AWS::NoValue, { A: !Join ["-", [a, !Ref b]] }]
"""

PYTHON = """
    import os

    def lambda_handler(event, context):
        names = ("GREETING", "LEVEL", "TABLE", "BUCKET", "STAGE", "REGION", "DEBUG", "_HANDLER")
        seconds = round(context.get_remaining_time_in_millis() / 1000)
        return [context.function_name, context.memory_limit_in_mb, seconds,
                {name: os.environ.get(name) for name in names}]
"""


@pytest.fixture
def template(written: Written) -> str:
    written("src/lines/app.py", PYTHON)
    written("web/dist/index.js", "exports.handler = async (event, context) => context.functionName")
    return str(written("template.yaml", SAM))


def test_code_limits_and_variables_come_from_the_template(reached: Reached, template: str) -> None:
    function = reached(f"{template}:Calls", Limits(region="eu-west-1"))
    answer = ask(function)
    assert answer.reply == [
        "Calls",
        "256",
        7,
        {
            "GREETING": "Hello from a template.",
            "LEVEL": "info",
            "TABLE": None,
            "BUCKET": None,
            "STAGE": None,
            "REGION": "eu-west-1",
            "DEBUG": "true",
            "_HANDLER": "lines.app.lambda_handler",
        },
    ]
    lines = [line for line in answer.log.splitlines() if "sets no OFFHOOK" not in line]
    assert lines == [
        "template.yaml: TABLE is !GetAtt Table.Arn, which only the cloud knows: set it, as in .env",
        "template.yaml: BUCKET is !Sub ${Stage}-x, which only the cloud knows: set it, as in .env",
        "template.yaml: STAGE is !Ref Stage, which only the cloud knows: set it, as in .env",
        f"template.yaml: the layer !Ref SomeLayer {NOT_HERE}",
        f"template.yaml: Runtime is python3.9, and here it runs on Python {python_version()}",
    ]
    assert ask(function).log == ""  # said once


def test_what_is_set_already_beats_the_template(
    reached: Reached, written: Written, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written("src/.env", "TABLE=local\n")
    monkeypatch.setenv("GREETING", "Mine.")
    answer = ask(reached(f"{template}:Calls", Limits(environment={"BUCKET": "mine"})))
    assert "TABLE is" not in answer.log
    assert "BUCKET is" not in answer.log
    for found in ('"TABLE": "local"', '"GREETING": "Mine."', '"BUCKET": "mine"'):
        assert found in json.dumps(answer.reply)


@needs_node
def test_a_node_function_of_the_same_template(reached: Reached, template: str) -> None:
    assert ask(reached(f"{template}:Script")).reply == "Script"


def test_the_timeout_of_the_template_is_enforced(written: Written) -> None:
    written("app.py", "import time\ndef handler(event, context): time.sleep(600)")
    file = written(
        "template.yaml",
        """
        Resources:
          Calls:
            Type: AWS::Serverless::Function
            Properties: { Handler: app.handler, Runtime: python3.13, Timeout: 1 }
        """,
    )
    with Phone(f"{file}:Calls", desk=Desk()) as phone:
        call = phone.dials()
        call.ends()
        assert "Task timed out after 1.00 seconds" in str(call)


def test_what_the_cdk_synthesizes_is_a_template_too(reached: Reached, written: Written) -> None:
    written("asset.1a2b/index.py", "def handler(event, context): return context.function_name")
    resource = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": {"Fn::Sub": "cdk-assets"}, "S3Key": "1a2b.zip"},
            "FunctionName": {"Fn::Join": ["-", ["a", {"Ref": "b"}]]},
            "Handler": "index.handler",
            "Runtime": "python3.12",
        },
        "Metadata": {"aws:asset:path": "asset.1a2b", "aws:asset:property": "Code"},
    }
    file = written("Stack.template.json", json.dumps({"Resources": {"Calls9F": resource}}))
    assert ask(reached(f"{file}:Calls9F")).reply == "Calls9F"


@pytest.mark.parametrize(
    ("properties", "says"),
    [
        ("{ Runtime: python3.12, Handler: gone.handler }", "there is no file"),
        ("{ Runtime: python3.12, Handler: gone }", "the file and the function in it"),
        ("{ Runtime: nodejs20.x, Handler: a.b, CodeUri: gone/ }", "code: there is no /.*/gone"),
        ("{ Runtime: nodejs20.x, Handler: typed.handler }", "TypeScript. `sam build`, and name"),
        ("{ Runtime: python3.12 }", "Handler of Calls is missing"),
        ("{ Handler: app.handler }", "Runtime of Calls is missing"),
        ("{ Runtime: !Ref Any, Handler: app.handler }", "Runtime of Calls is !Ref Any, which only"),
        ("{ Runtime: java21, Handler: app.Handler }", "runs on java21, which is not run from a"),
        ("{ PackageType: Image }", "is an image"),
        ("{ InlineCode: 'x', Runtime: python3.12 }", "has its code in the template"),
        ("{ CodeUri: s3://bucket/code.zip }", "has its code in S3"),
        ("{ CodeUri: !Sub '${Where}' }", "has its code in S3"),
        ("{ Timeout: soon, Runtime: python3.12, Handler: app.handler }", "Timeout of Calls is no"),
    ],
)
def test_what_cannot_be_run_from_a_template_says_why(
    written: Written, properties: str, says: str
) -> None:
    written("typed.ts", "")
    file = written(
        "template.yaml",
        f"Resources:\n  Calls: {{ Type: AWS::Serverless::Function, Properties: {properties} }}\n",
    )
    with pytest.raises(FunctionNotFound, match=says):
        reach(f"{file}:Calls")


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("Resources: {A: {Type: AWS::Serverless::Function}}", "B", "no function 'B': it has A"),
        ("Resources: {A: {Type: AWS::S3::Bucket}}", "A", "no function 'A': it has none"),
        ("- a list", "A", "is no template of SAM or CloudFormation: no Resources"),
        ("Resources: [", "A", "cannot be read as a template: while parsing"),
        ("Resources: {a: *b}", "A", "cannot be read as a template"),
        ("Resources: " + "[" * 100_000, "A", "cannot be read as a template: maximum recursion"),
        ("Resources: {}", "", "names no function: write .*template.yaml:CallFunction"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_template_says_so(written: Written, text: str, name: str, says: str) -> None:
    with pytest.raises(FunctionNotFound, match=says):
        reach(f"{written('template.yaml', text)}:{name}")


def test_a_template_that_is_not_there_says_so() -> None:
    with pytest.raises(FunctionNotFound, match=r"there is no file .*missing\.yaml"):
        reach("missing.yaml:Calls")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = ("CodeUri", "Code", "Handler", "Runtime", "Environment", "Timeout", "MemorySize", "Layers")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(properties=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8), rest=JSON)
def test_no_template_whatsoever_breaks_it(
    written: Written, properties: Mapping[str, object], rest: object
) -> None:
    resource = {"Type": "AWS::Lambda::Function", "Properties": properties, "Metadata": rest}
    found = {"Resources": {"A": resource}, "Parameters": rest, "Globals": rest}
    file = written("template.json", json.dumps(found))
    with pytest.raises(FunctionNotFound):
        reach(f"{file}:A").close()


def test_a_ref_is_the_default_of_its_parameter(written: Written) -> None:
    found = {"Parameters": {"A": {"Default": 3}, "B": {}}, "Resources": {}}
    template = Template(written("template.json", json.dumps(found)), Limits())
    assert template.value({"Ref": "A"}) == 3
    assert template.value({"Ref": "B"}) == Intrinsic("Ref", "B")
    assert template.value({"Ref": "AWS::AccountId"}) == "123456789012"
    assert template.value({"Other": "A"}) == {"Other": "A"}


ZIPPED = """
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties: { CodeUri: calls.zip, Handler: app.handler, Runtime: python3.12 }
"""


def test_code_in_a_zip_is_unpacked(reached: Reached, written: Written) -> None:
    file = written("template.yaml", ZIPPED)
    written(".env", "WORD=beside the template")
    with ZipFile(file.with_name("calls.zip"), "w") as code:
        code.writestr("words.py", "import os\nword = os.environ['WORD']")
        code.writestr("app.py", "import words\ndef handler(event, context): return words.word")
    assert ask(reached(f"{file}:Calls")).reply == "beside the template"


@needs_node
def test_a_zip_finds_packages_that_are_installed_beside_it_as_those_of_the_runtime(
    reached: Reached, written: Written
) -> None:
    node = ZIPPED.replace("app.handler", "index.handler").replace("python3.12", "nodejs20.x")
    file = written("template.yaml", node)
    written("node_modules/greeting/index.js", "exports.name = 'hello'")
    with ZipFile(file.with_name("calls.zip"), "w") as code:
        code.writestr("index.js", "exports.handler = async () => require('greeting').name")
    assert ask(reached(f"{file}:Calls")).reply == "hello"


def test_a_handler_in_another_folder_of_its_zip_is_named(written: Written) -> None:
    file = written("template.yaml", ZIPPED)
    with ZipFile(file.with_name("calls.zip"), "w") as code:
        code.writestr("src/app.py", "def handler(event, context): return None")
    with pytest.raises(
        FunctionNotFound, match=r"no file app\.py in its code: there is src/app\.py"
    ):
        reach(f"{file}:Calls")


def test_what_is_no_zip_says_so(written: Written) -> None:
    written("calls.zip", "no zip")
    file = written("template.yaml", ZIPPED)
    with pytest.raises(FunctionNotFound, match=r"calls\.zip cannot be unpacked: File is not a zip"):
        reach(f"{file}:Calls")


PLAIN = """
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler
          Runtime: {runtime}
          Environment: {{ Variables: {variables} }}
"""
ENVIRONMENT = """
    import os

    def handler(event, context):
        return dict(os.environ), round(context.get_remaining_time_in_millis() / 1000)
"""


def test_without_a_timeout_it_has_lambdas_own(reached: Reached, written: Written) -> None:
    written("app.py", ENVIRONMENT)
    mine = f"python3.{sys.version_info.minor}"
    file = written("template.yaml", PLAIN.format(runtime=mine, variables="{}"))
    answer = ask(reached(f"{file}:Calls"))
    assert listed(answer.reply)[1] == 3
    assert "template.yaml: Timeout of Calls is not set: it is Lambda's own, 3 s\n" in answer.log
    assert "Runtime" not in answer.log


def test_what_the_desk_would_add_is_named_and_not_there(
    reached: Reached, written: Written, provides: Provides
) -> None:
    provides("OFFHOOK_PROMPTS_BUCKET", "prompts")
    provides("OFFHOOK_RECORDINGS_BUCKET", "recordings")
    written("app.py", ENVIRONMENT)
    variables = "{ OFFHOOK_RECORDINGS_BUCKET: !Ref Bucket }"
    file = written("template.yaml", PLAIN.format(runtime="python3.12", variables=variables))
    at_the_desk = Limits(stand_ins={"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"})
    answer = ask(reached(f"{file}:Calls", at_the_desk))
    found = cast("Mapping[str, str]", listed(answer.reply)[0])
    assert "OFFHOOK_PROMPTS_BUCKET" not in found
    assert found["OFFHOOK_RECORDINGS_BUCKET"] == "recordings"  # for what only the cloud knows
    assert found["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:9"
    assert found["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.12"
    assert "Calls sets no OFFHOOK_PROMPTS_BUCKET: not set here either" in answer.log
    assert "RECORDINGS" not in answer.log


def test_what_the_template_sets_beats_what_the_desk_provides(
    reached: Reached, written: Written, provides: Provides
) -> None:
    provides("OFFHOOK_PROMPTS_BUCKET", "prompts")
    written("app.py", ENVIRONMENT)
    variables = "{ OFFHOOK_PROMPTS_BUCKET: theirs }"
    file = written("template.yaml", PLAIN.format(runtime="python3.12", variables=variables))
    found = cast("Mapping[str, str]", listed(ask(reached(f"{file}:Calls")).reply)[0])
    assert found["OFFHOOK_PROMPTS_BUCKET"] == "theirs"


@needs_node
def test_another_node_than_the_runtimes_is_told(reached: Reached, written: Written) -> None:
    written("app.js", "exports.handler = async () => process.env.AWS_EXECUTION_ENV")
    file = written("template.yaml", PLAIN.format(runtime="nodejs18.x", variables="{}"))
    answer = ask(reached(f"{file}:Calls"))
    assert answer.reply == "AWS_Lambda_nodejs18.x"
    assert "template.yaml: Runtime is nodejs18.x, and here it runs on Node " in answer.log


@needs_node
@pytest.mark.parametrize("runtime", ["nodejs22.x", "nodejs24.x"])
def test_callbacks_are_those_of_the_templates_runtime(
    reached: Reached, written: Written, runtime: str
) -> None:
    written("app.js", "exports.handler = (event, context, callback) => callback(null, 'called')")
    file = written("template.yaml", PLAIN.format(runtime=runtime, variables="{}"))
    answer = ask(reached(f"{file}:Calls"))
    if runtime == "nodejs22.x":
        assert answer.reply == "called"
    else:
        assert "Runtime.CallbackHandlerDeprecated: ERROR: AWS Lambda has removed" in answer.error


@needs_node
def test_a_node_handler_may_be_within_what_is_exported(reached: Reached, written: Written) -> None:
    written("src/app.js", "exports.ns = { deep: async () => 'deep' }")
    text = PLAIN.format(runtime="nodejs20.x", variables="{}")
    file = written("template.yaml", text.replace("app.handler", "src/app.ns.deep"))
    assert ask(reached(f"{file}:Calls")).reply == "deep"


def test_no_message_shows_what_is_ours_alone(written: Written) -> None:
    file = written(
        "template.yaml",
        """
        Resources:
          Calls:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.12
              Timeout: !If [IsLong, 20, !Ref Seconds]
              Handler: !Join [".", [!Ref Module, handler]]
        """,
    )
    with pytest.raises(FunctionNotFound, match=r"Timeout .* !If \[\"IsLong\", 20, !Ref Seconds\]$"):
        reach(f"{file}:Calls")
    file.write_text(file.read_text().replace("!If [IsLong, 20, !Ref Seconds]", "20"))
    with pytest.raises(
        FunctionNotFound, match=r"is !Join \[\"\.\", \[!Ref Module, \"handler\"\]\], w"
    ):
        reach(f"{file}:Calls")
