"""What is said of an error that a function ended with: what to set or to make, and where."""

import sys
from pathlib import Path

import pytest

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.mending import hint, lacks
from offhook.emulator.function.reach import reach
from tests.emulator.function.conftest import Reached, Written, ask, needs_node

VOICE = 'write boto3.client("chime-sdk-voice"), or take @aws-sdk/client-chime-sdk-voice'


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("KeyError: 'TABLE_NAME'\n  at /nowhere.py:3 in handler", "set TABLE_NAME where the"),
        (
            (
                "ParamValidationError: Parameter validation failed:\nInvalid type for parameter "
                "TableName, value: None, type: <class 'NoneType'>, valid types: <class 'str'>"
            ),
            "TableName has no value. Where it is that of an environment variable: set ",
        ),
        ("Error: No value provided for input HTTP label: Bucket.", "Bucket has no value."),
        ("MissingRequiredParameter: Missing required key 'TableName' in params", "TableName has"),
        (
            (
                "ValidationException: 1 validation error detected: Value null at 'tableName' "
                "failed to satisfy constraint: Member must not be null"
            ),
            "tableName has no value.",
        ),
        (
            (
                "ResourceNotFoundException: (ResourceNotFoundException) when calling "
                "the PutItem operation: Requested resource not found"
            ),
            "no such table: write it into [tool.offhook.tables]",
        ),
        ("ResourceNotFoundException: Requested resource not found", "no such table"),
        (
            (
                "NoSuchBucket: (NoSuchBucket) when calling the PutObject operation: "
                "The specified bucket does not exist"
            ),
            "no such bucket: make it in the S3",
        ),
        ("QueueDoesNotExist: The specified queue does not exist.", "no such queue"),
        (
            "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:1:function:x",
            "no such function: write it into [tool.offhook.functions]",
        ),
        ("ParameterNotFound: An error occurred (ParameterNotFound)", "no such thing: make it"),
        (
            "AttributeError: 'Chime' object has no attribute 'create_sip_media_application_call'",
            f"create_sip_media_application_call in another namespace: {VOICE}",
        ),
        ("TypeError: CreateSipMediaApplicationCallCommand is not a constructor", VOICE),
        ("TypeError: chime.updateSipMediaApplicationCall is not a function", VOICE),
        ("AttributeError: 'Chime' object has no attribute 'create_attendee'", "chime-sdk-meetings"),
        ("AttributeError: 'Chime' object has no attribute 'create_channel'", "chime-sdk-messaging"),
        ("AttributeError: 'Chime' object has no attribute 'list_app_instances'", "-identity"),
        (
            "AttributeError: 'Chime' object has no attribute 'create_media_capture_pipeline'",
            "chime-sdk-media-pipelines",
        ),
        (
            "Runtime.CallbackHandlerDeprecated: ERROR: AWS Lambda has",
            "make the handler async, with",
        ),
        ("UnknownServiceError: Unknown service: 'chime-sdk-voice'. Valid", "too old to know"),
    ],
)
def test_an_error_says_what_is_lacking(error: str, says: str) -> None:
    assert says in str(hint(error))


@pytest.mark.parametrize(
    "error",
    [
        "KeyError: 'digits'",
        "ZeroDivisionError: division by zero\n  at /nowhere.py:1 in handler",
        "TypeError: callback is not a function",
        "AttributeError: 'NoneType' object has no attribute 'get'\n  at /nowhere.py:1 in f",
        "TypeError: Cannot read properties of undefined (reading 'x')",
        "Sandbox.Timedout: Task timed out after 3.00 seconds",
    ],
)
def test_any_other_error_is_its_authors(error: str) -> None:
    assert hint(error) is None


@pytest.mark.parametrize(
    "line",
    [
        "os.environ['TABLE']",
        'os.environ["table"]',
        "os.environ.get('TABLE').lower()",
        "os.getenv('TABLE') + 'x'",
    ],
)
def test_a_variable_that_python_reads_is_named(
    reached: Reached, written: Written, line: str
) -> None:
    path = written("app.py", f"import os\ndef handler(event, context):\n    return {line}\n")
    error = ask(reached(f"{path}:handler")).error
    assert str(hint(error)).casefold().startswith("set table where the function finds it: in the")


@needs_node
@pytest.mark.parametrize("line", ["process.env.TABLE.length", "process.env['TABLE'].length"])
def test_a_variable_that_node_reads_is_named(reached: Reached, written: Written, line: str) -> None:
    path = written("index.js", f"exports.handler = async () => {{\n  return {line};\n}};\n")
    error = ask(reached(f"{path}:handler")).error
    assert str(hint(error)).startswith("set TABLE where the function finds it: in the shell")


def test_a_variable_that_is_read_at_import_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "reads_a_table.py").write_text("import os\nTABLE = os.environ['TABLE']\n")
    with pytest.raises(FunctionNotFound, match=r"KeyError: 'TABLE'[^$]*set TABLE where"):
        reach("reads_a_table:handler")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        ("KeyError: 'TABLE_NAME' at /nowhere.py:3 in handler", "variable"),
        ("ResourceNotFoundException: Requested resource not found", "resource"),
        ("EndpointConnectionError: Could not connect to the endpoint URL", "service"),
        ("NoCredentialsError: Unable to locate credentials", "service"),
        ("KeyError: 'digits' at /nowhere.py:3 in handler", ""),
        ("AttributeError: 'NoneType' object has no attribute 'get'", ""),
        ("ZeroDivisionError: division by zero", ""),
    ],
)
def test_what_the_desk_lacks_is_told_apart_from_a_mistake(error: str, what: str) -> None:
    assert lacks(error) == what


def test_a_key_in_capitals_is_no_variable_where_the_code_says_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "handler.py"
    file.write_text("TABLE = {}\nTABLE['NAME']\nimport os; os.environ['NAME']\n")
    assert lacks(f"KeyError: 'NAME' at {file}:2 in handler") == ""
    assert lacks(f"KeyError: 'NAME' at {file}:3 in handler") == "variable"
