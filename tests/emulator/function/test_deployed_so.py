"""What a template leaves to its deployment: conditions, nested templates, programs that are built.

About `offhook.emulator.function.template`.
"""

import sys
from collections.abc import Sequence
from zipfile import ZipFile

import pytest

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.reach import reach
from tests.emulator.function.conftest import Reached, Written, ask

CONDITIONS = """
    Parameters:
      Stage: { Type: String, Default: dev }
    Conditions:
      IsProd: !Equals [!Ref Stage, prod]
      IsAnother: !Not [!Condition IsProd]
    Mappings:
      Levels: { dev: { Log: DEBUG }, prod: { Log: INFO } }
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler
          Runtime: python3.12
          Timeout: !If [IsProd, 9, 4]
          Environment:
            Variables:
              LEVEL: !FindInMap [Levels, !Ref Stage, Log]
              WHERE: !If [IsAnother, desk, cloud]
              ONLY: !If [IsProd, "1", !Ref AWS::NoValue]
"""


@pytest.mark.parametrize(
    ("overridden", "found"),
    [("", ["DEBUG", "desk", None, 4]), ("Stage=prod", ["INFO", "cloud", "1", 9])],
)
def test_conditions_and_mappings_are_those_of_its_parameters(
    reached: Reached, written: Written, overridden: str, found: Sequence[object]
) -> None:
    written(
        "app.py",
        """
        import os
        def handler(event, context):
            names = map(os.environ.get, ("LEVEL", "WHERE", "ONLY"))
            return [*names, round(context.get_remaining_time_in_millis() / 1000)]
        """,
    )
    written(
        "samconfig.toml", f"[default.deploy.parameters]\nparameter_overrides = '{overridden}'\n"
    )
    file = written("template.yaml", CONDITIONS)
    answer = ask(reached(f"{file}:Calls"))
    assert answer.reply == found
    assert "which only the cloud knows" not in answer.log


NESTS = """
    Parameters: {{ Greeting: {{ Type: String, Default: Good morning }} }}
    Resources:
      Calls:
        Type: AWS::Serverless::Application
        Properties:
          Location: nested/{name}
          Parameters: {{ Greeting: !Ref Greeting, Queue: !GetAtt Elsewhere.Outputs.Queue }}
"""
NESTED = """
    Parameters: { Greeting: { Type: String }, Queue: { Type: String } }
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler
          Runtime: python3.12
          Environment: { Variables: { GREETING: !Ref Greeting, QUEUE: !Ref Queue } }
"""


def test_a_function_of_a_nested_template_has_the_parameters_that_it_is_given(
    reached: Reached, written: Written
) -> None:
    written(
        "nested/app.py", "import os\ndef handler(event, context): return os.environ['GREETING']"
    )
    written("nested/template.yaml", NESTED)
    answer = ask(reached(f"{written('template.yaml', NESTS.format(name='template.yaml'))}:Calls"))
    assert answer.reply == "Good morning"
    assert "QUEUE is !Ref Queue, which only the cloud knows" in answer.log


def test_a_template_that_nests_itself_has_an_end(written: Written) -> None:
    file = written("template.yaml", NESTS.format(name="../template.yaml"))
    with pytest.raises(FunctionNotFound, match="has no function 'Other': it has none"):
        reach(f"{file}:Other")


PROGRAM = """
import http.client, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
REPLY = '"' + os.environ["_HANDLER"] + '"'
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    event = api.getresponse()
    event.read()
    this = event.headers["Lambda-Runtime-Aws-Request-Id"]
    api.request("POST", f"/2018-06-01/runtime/invocation/{this}/response", REPLY)
    api.getresponse().read()
"""


PROVIDED = """
    Resources:
      Calls:
        Type: AWS::Serverless::Function
        Properties: { CodeUri: %s, Handler: bootstrap, Runtime: provided.al2023 }
"""


@pytest.mark.parametrize("code", ["src", "calls.zip"])
def test_a_program_of_a_runtime_of_its_own_is_run(
    reached: Reached, written: Written, code: str
) -> None:
    program = written("src/bootstrap", f"#!{sys.executable}\n{PROGRAM}")
    program.chmod(0o755)
    file = written("template.yaml", PROVIDED % code)
    with ZipFile(file.with_name("calls.zip"), "w") as zipped:
        zipped.write(program, "bootstrap")
    assert ask(reached(f"{file}:Calls")).reply == "bootstrap"


def test_a_program_that_is_not_built_is_said(written: Written) -> None:
    file = written("template.yaml", PROVIDED % "src")
    with pytest.raises(FunctionNotFound, match=r"bootstrap is not there: `sam build`, and name"):
        reach(f"{file}:Calls")
    written("src/bootstrap", "")
    with pytest.raises(FunctionNotFound, match="bootstrap is not executable"):
        reach(f"{file}:Calls")
