"""What is said of an error that a function ended with: what to set or to make, and where."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.mending import hint, lacks, unreached
from offhook.emulator.function.reach import reach
from tests.emulator.function.conftest import EVENT, Reached, Written, ask, needs_node
from tests.sampled import sampled

VOICE = 'write boto3.client("chime-sdk-voice"), or take @aws-sdk/client-chime-sdk-voice'


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("KeyError: 'TABLE_NAME'\n  at /nowhere.py:3 in handler", "set TABLE_NAME where the"),
        ("KeyError: 'LAMBDA_TASK_ROOT'", "name its file, as in app.py:handler"),
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
            "no such bucket: what lies in prompts/NAME is in it at the desk",
        ),
        (
            "Runtime.UserCodeSyntaxError: Cannot use import statement outside a module",
            'it is an ES module: call it .mjs, or write "type": "module"',
        ),
        ("ReferenceError: require is not defined in ES module scope", "call the file .cjs"),
        ("NoSuchKey: The specified key does not exist.", "no such object: put it into prompts/B"),
        ("ProfileNotFound: The config profile (prod) could not be found", "but AWS_PROFILE: at"),
        ("Function.ResponseSizeTooLarge: Response payload size (7000075 bytes)", "reply with less"),
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
        (
            "Forbidden: CreateAttendee has left the chime namespace, as at AWS",
            "-chime-sdk-meetings",
        ),
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
        (
            "Runtime.ImportModuleError: Unable to import module: attempted relative import with no",
            "write `import other` in place of",
        ),
        ("Sandbox.Timedout: Task timed out after 3.00 seconds", "timeout_seconds in"),
        ("Runtime.MarshalError: Unable to marshal response: Object of type set is", "must be JSON"),
        ("Runtime.MarshalError: Object of type coroutine is not JSON", "def instead of async def"),
        ("SystemExit: 3\n  at app.py:1 in handler", "the code ends its own process"),
        (
            "Runtime.ExitError: Runtime exited before it replied: exit status 2",
            "ends its own process",
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
    ],
)
def test_any_other_error_is_its_authors(error: str) -> None:
    assert hint(error) is None


IMPORTS_ONE = """
import importlib

def handler(event, context):
    importlib.invalidate_caches()
    return importlib.import_module(event["module"]).handler(event, context)
"""
Fails: TypeAlias = Callable[[str], str]
"""`fails("def handler(e, c): ...")`: the error of a function."""


@pytest.fixture(scope="module")
def fails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fails]:
    """One process imports them all, each as a module of its own."""
    folder = tmp_path_factory.mktemp("their-app")
    (folder / "app.py").write_text(IMPORTS_ONE)
    function = reach(f"{folder / 'app.py'}:handler")
    numbers = count()

    def error(source: str) -> str:
        name = f"number_{next(numbers)}"
        (folder / f"{name}.py").write_text(f"import os\n{source}\n")
        return ask(function, {**EVENT, "module": name}).error

    yield error
    function.close()


@pytest.mark.parametrize(
    "line",
    [
        "os.environ['TABLE']",
        'os.environ["table"]',
        "os.environ.get('TABLE').lower()",
        "os.getenv('TABLE') + 'x'",
    ],
)
def test_a_variable_that_python_reads_is_named(fails: Fails, line: str) -> None:
    error = fails(f"def handler(event, context):\n    return {line}")
    assert str(hint(error)).casefold().startswith("set table where the function finds it: in the")


@needs_node
@pytest.mark.parametrize(
    "line", sampled(["process.env.TABLE.length", "process.env['TABLE'].length"], 1)
)
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
    "lines",
    [
        'TABLE = os.environ.get("TABLE_NAME")\ndef handler(e, c): return TABLE.lower()',
        'TABLE: str = os.getenv("TABLE_NAME")  # of orders\ndef handler(e, c): return TABLE[0]',
        'def handler(e, c):\n t = os.getenv("TABLE_NAME")\n return t.lower()',
        'def handler(e, c):\n if not os.getenv("TABLE_NAME"): raise KeyError("TABLE_NAME missing")',
        'def handler(e, c): raise ValueError("Missing environment variable: TABLE_NAME")',
        'def handler(e, c): raise ValueError("TABLE_NAME env var must be set")',
        pytest.param(
            "import boto3\ntables = boto3.resource('dynamodb')\n"
            "def handler(e, c): tables.Table(os.getenv('TABLE_NAME'))",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_a_variable_that_python_misses_later_is_named(fails: Fails, lines: str) -> None:
    error = fails(lines)
    assert "set TABLE_NAME where the function finds it" in str(hint(error))
    assert lacks(error) == "variable"


@needs_node
@pytest.mark.parametrize(
    ("file", "line"),
    sampled(
        [
            ("index.mjs", "export const handler = async () => process.env.TABLE_NAME.length;"),
            (
                "index.mjs",
                "const t = process.env.TABLE_NAME.length; export const handler = () => t;",
            ),
            (
                "index.js",
                "const T = process.env.TABLE_NAME;\nexports.handler = async () => T.length;",
            ),
            (
                "index.js",
                "const { A, TABLE_NAME: t } = process.env;\nexports.handler = async () => t[0];",
            ),
            (
                "index.js",
                (
                    "exports.handler = async () => {\n  if (!process.env.TABLE_NAME)\n"
                    "    throw new Error('TABLE_NAME is not set');\n};"
                ),
            ),
        ],
        2,
    ),
)
def test_a_variable_that_node_misses_later_is_named(
    reached: Reached, written: Written, file: str, line: str
) -> None:
    error = ask(reached(f"{written(file, line)}:handler")).error
    assert "set TABLE_NAME where the function finds it" in str(hint(error))
    assert lacks(error) == "variable"


def test_a_name_with_a_default_lacks_nothing(fails: Fails) -> None:
    error = fails('T = os.getenv("T", "x")\ndef handler(e, c): return {T: None}[T].lower()')
    assert (hint(error), lacks(error)) == (None, "")


@needs_node
def test_code_that_node_cannot_read_or_find_names_the_authors_own_place(
    reached: Reached, written: Written
) -> None:
    broken = written("index.js", "exports.handler = async () => {\n  return {\n")
    error = ask(reached(f"{broken}:handler")).error
    assert f"\n  at {broken}:" in error
    assert "node --check" in str(hint(error))

    lost = written("index.js", 'require("./lib/orders");\nexports.handler = async () => 1;\n')
    error = ask(reached(f"{lost}:handler")).error
    assert f"\n  at Object.<anonymous> ({lost}:1:" in error
    assert "bootstraps" not in error
    assert "the file is not where the code looks for it" in str(hint(error))


@pytest.mark.parametrize(
    ("error", "what"),
    [
        ("KeyError: 'TABLE_NAME' at /nowhere.py:3 in handler", "variable"),
        ("ResourceNotFoundException: Requested resource not found", "resource"),
        ("EndpointConnectionError: Could not connect to the endpoint URL", "service"),
        ("UnknownEndpoint: Inaccessible host: `sqs.us-east-1.amazonaws.com' at port", "service"),
        ("URLError: <urlopen error [Errno -2] Name or service not known>", "service"),
        ("URLError: <urlopen error [Errno 111] Connection refused>", "service"),
        ("ConnectionError: HTTPConnectionPool(host='api'): Max retries exceeded", "service"),
        ("Error: connect ECONNREFUSED 127.0.0.1:8099", "service"),
        ("NoSuchKey: The specified key does not exist.", "resource"),
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


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            'EndpointConnectionError: Could not connect to "https://sqs.eu-west-1.amazonaws.com/"',
            "as in AWS_ENDPOINT_URL_SQS=",
        ),
        (
            "UnknownEndpoint: Inaccessible host: `secretsmanager.us-east-1.amazonaws.com' at port",
            "as in AWS_ENDPOINT_URL_SECRETS_MANAGER=",
        ),
        (
            "Error: getaddrinfo ENOTFOUND bucket.s3.us-gov-west-1.amazonaws.com",
            "as in AWS_ENDPOINT_URL_S3=",
        ),
        ("EndpointConnectionError: Could not connect", "as in AWS_ENDPOINT_URL_DYNAMODB="),
        ("TypeError: fetch failed", "cannot be reached from here"),
        ("TypeError: callback is not a function", "None"),
    ],
)
def test_what_cannot_be_reached_names_what_stands_for_it(error: str, says: str) -> None:
    assert says in str(unreached(error))
