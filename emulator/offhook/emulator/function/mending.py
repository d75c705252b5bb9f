"""What to do about an error that a function ended with, where its words say what it lacks."""

import re
from pathlib import Path
from typing import Final

from offhook.emulator.function.credentials import TABLE, is_for_want_of_credentials
from offhook.emulator.function.fault import NOBODY_LISTENS

_SET: Final = (
    "set {0} where the function finds it: in the shell, as in {0}=...; for one in a process of its "
    'own also in .env beside its code, or as environment = {{ {0} = "..." }} of its entry in '
    "[tool.offhook.functions]"
)
_OWN: Final = (
    "a function of this process has this process's variables: name its file, as in app.py:handler, "
    "and it has Lambda's own; or "
)
_NOT_GIVEN: Final = re.compile(
    r"Invalid type for parameter (\w+), value: None|No value provided for input HTTP label: (\w+)|"
    r"Missing required key '(\w+)'|Value (?:null )?at '(\w+)' failed .*null|"
    r"Required parameter (\w+) not set|Invalid length for parameter (\w+), value: 0\b|"
    r"Empty value provided for input HTTP label: (\w+)"
)
"""What SDKs and services say of a parameter that is `None`, `undefined` or empty."""
_READS: Final = re.compile(
    r"""environ\s*(?:\.get\(|\[)\s*["'](\w+)|getenv\(\s*["'](\w+)|"""
    r"""process\.env(?:\.|\[["'])(\w+)"""
)
_TAKES: Final = re.compile(
    r"""^\s*(?:(?:const|let|var)\s+)?(\w+)\s*(?::\s*[^=]+)?=\s*"""
    r"""(?:(?:os\.)?(?:environ\.get|getenv)\(\s*["'](\w+)["']\s*\)|"""
    r"""process\.env(?:\.|\[["'])(\w+)["'\]]*)\s*(?:;.*|#.*)?$|"""
    r"""^\s*(?:const|let|var)\s*\{([^}]*)\}\s*=\s*process\.env\b""",
    re.MULTILINE,
)
"""A name that stands for a variable without a default, or several of Node."""
_LACKS: Final = re.compile(r"^KeyError\b|NoneType|\bundefined\b|\bnull\b")
_ASKS: Final = re.compile(
    r"(?i:\bmissing|\brequired|\bunset|\bundefined|\bnot (?:set|defined|found|provided|configured)"
    r"|\bno value|\bempty|\bmust be set|\bplease set)"
)
"""What authors say themselves of a variable that is not there."""
_SAID: Final = re.compile(
    r"(?i:\benv(?:ironment)?[ _-]?var(?:iable)?s?)\W+([A-Z][A-Z0-9_]+)\b|"
    r"\b([A-Z][A-Z0-9_]+)\W+(?i:env(?:ironment)?[ _-]?var)"
)
_MISSING: Final = re.compile(
    r"(NoSuchBucket)|(NoSuchKey)|(NonExistentQueue|QueueDoesNotExist)|"
    r"((?:ResourceNotFoundException.*?)?Function not found)|"
    r"(ResourceNotFoundException.*?(?:[Rr]equested resource|[Tt]able))|"
    r"(ResourceNotFoundException|ParameterNotFound|StateMachineDoesNotExist|NotFoundException\b)",
    re.DOTALL,
)
_MAKE: Final = (
    "bucket: what lies in prompts/NAME is in it at the desk; or make it where its S3 is",
    "object: put it into prompts/BUCKET/KEY at the desk, or where its S3 is",
    "queue: make it where it asks, as in aws sqs create-queue --queue-name NAME --endpoint-url URL",
    "function: write it into [tool.offhook.functions], under the name that is asked for",
    f"table: {TABLE}, or make it where AWS_ENDPOINT_URL_DYNAMODB leads",
    "thing: make it first, where AWS_ENDPOINT_URL or the endpoint of that service leads",
)
_GONE: Final = re.compile(
    r"'Chime' object has no attribute '(\w+)'|(\w+) has left the chime namespace|"
    r"(\w*(?:SipMediaApplication|SipRule|VoiceConnector|Meeting|"
    r"Attendee|AppInstance|Channel|MediaCapturePipeline|ProxySession)\w*) is not a (?:function|"
    r"constructor)"
)
"""What boto3, the SDKs for JavaScript and the service say of an operation that is not there."""
_NAMESPACES: Final = (
    (r"meeting|attendee", "meetings"),
    (r"app_?instance", "identity"),
    (r"channel", "messaging"),
    (r"pipeline", "media-pipelines"),
    (r"", "voice"),
)
_UNREACHED: Final = re.compile(
    r"EndpointConnectionError|ConnectTimeoutError|getaddrinfo E|UnknownEndpoint|NetworkingError|"
    r"fetch failed|[Nn]ame resolution|Name or service not known|[Cc]onnection refused|"
    r"ECONNREFUSED|Max retries exceeded"
)
_AWS: Final = re.compile(r"([a-z0-9-]+)\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?amazonaws\.com")
_ENDPOINTS: Final = {
    "states": "SFN",
    "events": "EVENTBRIDGE",
    "email": "SES",
    "logs": "CLOUDWATCH_LOGS",
    "monitoring": "CLOUDWATCH",
    "secretsmanager": "SECRETS_MANAGER",
    "cognito-idp": "COGNITO_IDENTITY_PROVIDER",
    "runtime-v2-lex": "LEX_RUNTIME_V2",
}
"""AWS's hosts whose variable is called otherwise."""
_OTHERS: Final = (
    (
        "import statement outside a module|Unexpected token 'export'|of ES Module|ERR_REQUIRE_ESM",
        (
            'it is an ES module: call it .mjs, or write "type": "module" into its package.json, '
            "and import it; Lambda's Node requires none unless NODE_OPTIONS has "
            "--experimental-require-module"
        ),
    ),
    (
        "require is not defined in ES module",
        "an ES module has no require: import it, or call the file .cjs",
    ),
    (
        "UserCodeSyntaxError",
        "the code cannot be read: mend it there (`node --check FILE`, `python -m py_compile FILE`)",
    ),
    (
        "attempted relative import",
        (
            "Lambda imports the file by itself, not as a part of a package: write `import other` "
            "in place of `from . import other`, or give the folder an __init__.py"
        ),
    ),
    (
        r"Cannot find module '\.{0,2}/",
        (
            "the file is not where the code looks for it: name it from the file that asks, or "
            "compile it first"
        ),
    ),
    (
        "No module named|Error: Cannot find (?:package|module)",
        (
            "install it where the function runs (in a .venv beside a Python file; npm install for "
            "Node). Lambda's own runtimes bring the AWS SDK with them: boto3, @aws-sdk/... A "
            "module of your own in a folder above a Python file is found where the function is "
            "named by its template, or where .env beside the file has PYTHONPATH=../.."
        ),
    ),
    (
        "only works in main thread|SQLite objects created in a thread",
        (
            "in real time, a function of this process runs in a thread: name its file, as in "
            "app.py:handler, and it has a process of its own, as in Lambda"
        ),
    ),
    (
        r"config profile \(.*\) could not be found",
        (
            "let the code name no profile, but AWS_PROFILE: at the desk there is none, unless "
            "--real-aws lets it in"
        ),
    ),
    (
        "ResponseSizeTooLarge",
        "reply with less: keep what is large in S3 or in a table, and its key in the attributes",
    ),
    (
        "Task timed out after",
        (
            "reply sooner, or give it longer: Timeout in its template, timeout_seconds in "
            "[tool.offhook]; the service itself waits 20 s"
        ),
    ),
    (
        "type coroutine is not JSON",
        (
            "Lambda awaits no handler in Python: write def instead of async def, and what is to "
            "be awaited within asyncio.run(...)"
        ),
    ),
    ("MarshalError|JSONStringifyError|Unable to stringify", "what a handler returns must be JSON"),
    (
        r"Runtime\.ExitError.*: exit status|^SystemExit: ",
        (
            "the code ends its own process (sys.exit, process.exit): return a reply, and raise "
            "what went wrong"
        ),
    ),
)
"""What words of an error say, and what to write."""


def hint(error: str) -> str | None:
    """What to set, to make or to write, and where; `None` for an error that is of no such kind."""
    if gone := _GONE.search(error):
        name = gone[gone.lastindex or 1]
        where = next(to for part, to in _NAMESPACES if re.search(part, name, re.IGNORECASE))
        return (
            f"today's AWS SDK has {name} in another namespace: write "
            f'boto3.client("chime-sdk-{where}"), or take @aws-sdk/client-chime-sdk-{where}'
        )
    if unknown := re.search(r"Unknown service: '(chime-sdk-[\w-]+)'", error):
        return f"the boto3 that runs it is too old to know {unknown[1]}: install a newer one there"
    if "CallbackHandlerDeprecated" in error:
        return (
            "make the handler async, with event and context alone, and return what it gives to the "
            "callback; or run it on Node 22 or older, as the template's Runtime says"
        )
    if missing := _MISSING.search(error):
        return f"there is no such {_MAKE[(missing.lastindex or 1) - 1]}"
    if given := _NOT_GIVEN.search(error):
        name = given[given.lastindex or 1]
        return f"{name} has no value. Where it is that of an environment variable: " + _SET.format(
            _variable(error) or "the variable"
        )
    if variable := _asked(error) or (_LACKS.search(error) and _variable(error)):
        own = _OWN if variable.startswith(("AWS_LAMBDA_", "LAMBDA_")) else ""
        return own + _SET.format(variable)
    return next((says for words, says in _OTHERS if re.search(words, error)), None)


def lacks(error: str) -> str:
    """What is missing where a function failed for want of it: a `variable`, a `resource`, a
    `service`; empty where it is the function's own fault."""
    if _MISSING.search(error):
        return "resource"
    if NOBODY_LISTENS in error:
        return ""
    if is_for_want_of_credentials(error) or _UNREACHED.search(error):
        return "service"
    line = _line(error)
    is_read = "env" in line or _taken(error) if line else _variable(error)
    if _asked(error):
        return "variable"
    return "variable" if is_read and (_LACKS.search(error) or _NOT_GIVEN.search(error)) else ""


def unreached(error: str) -> str | None:
    """What to name in place of a service that cannot be reached; `None` for any other error."""
    if not _UNREACHED.search(error):
        return None
    if "EndpointConnectionError" not in error and not _AWS.search(error):
        return "what it asks cannot be reached from here: name what can, or reply without it"
    host = _AWS.search(error)
    service = host[1] if host else "dynamodb"
    variable = _ENDPOINTS.get(service, service.replace("-", "_").upper())
    return (
        "a function at the desk has no credentials and may have no network: name a stand-in, as in "
        f"AWS_ENDPOINT_URL_{variable}=http://127.0.0.1:8000"
    )


def _asked(error: str) -> str | None:
    """The variable for which the code asks in words of its own."""
    words = error.partition("\n  at ")[0]
    if not _ASKS.search(words):
        return None
    if said := _SAID.search(words):
        return said[1] or said[2]
    named = (read[read.lastindex or 1] for read in _READS.finditer("\n".join(_source(error)[0])))
    return next((name for name in named if re.search(rf"\b{name}\b", words)), None)


def _variable(error: str) -> str | None:
    """The environment variable that is read where it failed, or that a `KeyError` is likely of."""
    if read := _READS.search(_line(error)):
        return read[read.lastindex or 1]
    key = re.match(r"KeyError: '([A-Z][A-Z0-9_]+)'", error)
    return key[1] if key else _taken(error)


def _taken(error: str) -> str | None:
    """The variable that the file has put into a name which the line uses."""
    line = _line(error)
    for taken in _TAKES.finditer("\n".join(_source(error)[0])):
        pairs = [(taken[1], taken[2] or taken[3])]
        if taken[4]:
            pairs = [
                (each.rpartition(":")[2].strip(), each.partition(":")[0].strip())
                for each in taken[4].split(",")
                if "=" not in each
            ]
        for name, variable in pairs:
            if name and re.search(rf"(?<![\w.]){name}\b", line):
                return variable
    return None


def _line(error: str) -> str:
    """The line of code that an error names."""
    lines, number = _source(error)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _source(error: str) -> tuple[list[str], int]:
    """The lines of the file that an error names, and the number of the one where it failed."""
    place = re.search(r"\s+at (?:.*\()?(?:file://)?(/[^\n]*?):(\d+)", error)
    if place is None:
        return [], 0
    try:
        return Path(place[1]).read_text(encoding="utf-8").splitlines(), int(place[2])
    except (OSError, UnicodeDecodeError):
        return [], 0
