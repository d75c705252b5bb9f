"""What to do about an error that a function ended with, where its words say what it lacks."""

import re
from pathlib import Path
from typing import Final

from offhook.emulator.function.credentials import TABLE, is_for_want_of_credentials

_SET: Final = (
    "set {0} where the function finds it: in the shell, as in {0}=...; for one in a process of its "
    'own also in .env beside its code, or as environment = {{ {0} = "..." }} of its entry in '
    "[tool.offhook.functions]"
)
_NOT_GIVEN: Final = re.compile(
    r"Invalid type for parameter (\w+), value: None|No value provided for input HTTP label: (\w+)|"
    r"Missing required key '(\w+)'|Value (?:null )?at '(\w+)' failed .*null"
)
"""What SDKs and services say of a parameter that is `None` or `undefined`."""
_READS: Final = re.compile(
    r"""environ\s*(?:\.get\(|\[)\s*["'](\w+)|getenv\(\s*["'](\w+)|"""
    r"""process\.env(?:\.|\[["'])(\w+)"""
)
_LACKS: Final = re.compile(r"^KeyError\b|NoneType|\bundefined\b|\bnull\b")
_MISSING: Final = re.compile(
    r"(NoSuchBucket)|(NonExistentQueue|QueueDoesNotExist)|"
    r"((?:ResourceNotFoundException.*?)?Function not found)|"
    r"(ResourceNotFoundException.*?(?:[Rr]equested resource|[Tt]able))|"
    r"(ResourceNotFoundException|ParameterNotFound|StateMachineDoesNotExist|NotFoundException\b)",
    re.DOTALL,
)
_MAKE: Final = (
    "bucket: make it in the S3 that it asks, as in aws s3 mb s3://NAME --endpoint-url URL",
    "queue: make it where it asks, as in aws sqs create-queue --queue-name NAME --endpoint-url URL",
    "function: write it into [tool.offhook.functions], under the name that is asked for",
    f"table: {TABLE}, or make it where AWS_ENDPOINT_URL_DYNAMODB leads",
    "thing: make it first, where AWS_ENDPOINT_URL or the endpoint of that service leads",
)
_GONE: Final = re.compile(
    r"'Chime' object has no attribute '(\w+)'|"
    r"(\w*(?:SipMediaApplication|SipRule|VoiceConnector|Meeting|"
    r"Attendee|AppInstance|Channel|MediaCapturePipeline|ProxySession)\w*) is not a (?:function|"
    r"constructor)"
)
"""What boto3 and the SDKs for JavaScript say of an operation that they do not have."""
_NAMESPACES: Final = (
    (r"meeting|attendee", "meetings"),
    (r"app_?instance", "identity"),
    (r"channel", "messaging"),
    (r"pipeline", "media-pipelines"),
    (r"", "voice"),
)


def hint(error: str) -> str | None:
    """What to set, to make or to write, and where; `None` for an error that is of no such kind."""
    if gone := _GONE.search(error):
        name = gone[1] or gone[2]
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
    if _LACKS.search(error) and (variable := _variable(error)):
        return _SET.format(variable)
    return None


def lacks(error: str) -> str:
    """What is missing where a function failed for want of it: a `variable`, a `resource`, a
    `service`; empty where it is the function's own fault."""
    if _MISSING.search(error):
        return "resource"
    if is_for_want_of_credentials(error) or "EndpointConnectionError" in error:
        return "service"
    line = _line(error)
    is_read = "env" in line if line else _variable(error)
    return "variable" if is_read and (_LACKS.search(error) or _NOT_GIVEN.search(error)) else ""


def _variable(error: str) -> str | None:
    """The environment variable that is read where it failed, or that a `KeyError` is likely of."""
    if read := _READS.search(_line(error)):
        return read[read.lastindex or 1]
    key = re.match(r"KeyError: '([A-Z][A-Z0-9_]+)'", error)
    return key[1] if key else None


def _line(error: str) -> str:
    """The line of code that an error names."""
    place = re.search(r"\s+at (?:.*\()?(/[^\n]*?):(\d+)", error)
    if place is None:
        return ""
    try:
        lines = Path(place[1]).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return lines[int(place[2]) - 1] if int(place[2]) <= len(lines) else ""
