"""No run at the desk uses the developer's AWS credentials, unless they are asked for by name.

`--real-aws`, or `real_aws` in the configuration, lets them in. Without it a function finds a key
that opens nothing, a region, and none of the places that an AWS SDK takes credentials from.
"""

import gc
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Final, TypeAlias

from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.ports.port import held

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest

KEY: Final = "desk"
"""The access key, and its secret."""

SOURCES: Final = re.compile(
    r"AWS_(ACCESS_KEY(_ID)?|SECRET(_ACCESS)?_KEY|(SESSION|SECURITY)_TOKEN|(DEFAULT_)?PROFILE|"
    r"CREDENTIAL_(EXPIRATION|FILE)|ROLE_(ARN|SESSION_NAME)|WEB_IDENTITY_TOKEN_FILE|"
    r"CONTAINER_\w+|BEARER_TOKEN_\w+)"
)
"""Variables that are credentials, or lead to some, for one SDK or another."""

CLOSED: Final[Mapping[str, str]] = {
    "AWS_ACCESS_KEY_ID": KEY,
    "AWS_SECRET_ACCESS_KEY": KEY,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,  # profiles, roles, SSO, credential_process
    "BOTO_CONFIG": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}

ENDPOINT: Final = "AWS_ENDPOINT_URL"
"""Where every service is, by the AWS SDKs' own variable."""
S3: Final = f"{ENDPOINT}_S3"
REGIONS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
OUR_REGION: Final = "OFFHOOK_HELD_REGION"
"""Tells processes that are started from this one (the workers of pytest-xdist) that nobody else has
set the region."""
_MATTERS: Final = ("AWS_", "BOTO_", OUR_REGION)
"""With what all of these begin."""

HINT: Final = (
    "the desk lets no real AWS credentials through: name a stand-in, as in "
    "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000, or let them in with --real-aws (in the "
    'configuration: real_aws = "PROFILE")'
)

NO_STAND_INS: Final = (
    'For its own API, S3 and DynamoDB the desk answers itself: pip install "offhook[serve]", and '
    'no s3 = { endpoint = "folders" } in the configuration'
)
TABLE: Final = 'write it into [tool.offhook.tables], as in orders = { key = ["id"] }'
OF_STAND_INS: Final = {
    "InvalidAccessKeyId": (
        "this went to AWS, and the desk has an S3 of its own: a client does not find it that was "
        "made before, as where a test imports its handler. Let the desk import it, as in "
        'Phone("app:handler"), or make the client where it is used'
    ),
    "ResourceNotFoundException(?!.*Function not found)": (
        "the desk's own DynamoDB begins with the tables of the configuration alone: "
        f"{TABLE}, create it there in your test, or name one that has it, as in "
        "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000"
    ),
}
"""By what S3 alone says of a key, and DynamoDB of a table."""

_WANTS: Final = re.compile(
    r"Unable to locate credentials|NoCredentials|PartialCredentials|Could not load credentials|"
    r"CredentialsProviderError|NoAuthToken|config profile \(.*\) could not be found|"
    r"Could not resolve credentials|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|"
    r"InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|AuthFailure|"
    r"security token included in the request|An error occurred \(40[13]\)"
)
"""What SDKs say where there are no credentials, and AWS where they open nothing."""

Environ: TypeAlias = Mapping[str, str]
NONE: Final[Environ] = {}


def at_the_desk(
    environment: Environ, region: str, real_aws: bool | str, stand_ins: Environ = NONE
) -> dict[str, str]:
    """The variables of a function: these, with a region, and with credentials as was asked for.

    `real_aws`: whether those of the developer are let in; a name is a profile's, and no others.
    `stand_ins` are services of the desk, where these variables name no other.
    """
    found = dict(environment)
    if real_aws is not True:
        found = {name: value for name, value in found.items() if not SOURCES.fullmatch(name)}
        found |= {"AWS_PROFILE": real_aws} if real_aws else CLOSED
    region = found.get("AWS_REGION") or found.get("AWS_DEFAULT_REGION") or region
    found = {**found, **{name: found.get(name) or region for name in REGIONS}}
    return found if found.get(ENDPOINT) else {**stand_ins, **found}


_lock = RLock()  # a function that is thrown away gives back in the middle of anything
_holds = 0
_stand_ins: list[Environ] = []
"""Of those who hold."""
_ours: dict[str, tuple[str | None, str | None]] = {}
"""The variables that were changed: what they were, and what they are."""
_default_session: object = None
"""boto3's, before: it keeps the credentials that it finds first."""


def theirs() -> dict[str, str]:
    """This process's environment as it was when nobody held it."""
    return _theirs(_without_stand_ins(dict(os.environ)))


def _of_aws() -> dict[str, str]:
    """Those variables of this process that the desk may change, or that lead to AWS."""
    return {name: os.environ[name] for name in os.environ if name.startswith(_MATTERS)}


def _without_stand_ins(now: Environ) -> dict[str, str]:
    found = dict(now)
    ours = [item for each in _stand_ins for item in each.items()]
    for name, to in list(found.items()):
        if name.startswith(ENDPOINT) and (to in held or (name, to) in ours):
            del found[name]
    return found


def _theirs(now: Environ) -> dict[str, str]:
    found = dict(now)
    for name, (before, ours) in _ours.items():
        if found.get(name) == ours:
            found.pop(name, None)
            found |= {} if before is None else {name: before}
    if region := found.pop(OUR_REGION, ""):
        found = {n: value for n, value in found.items() if n not in REGIONS or value != region}
    return found


def hold(region: str, real_aws: bool | str, stand_ins: Environ = NONE) -> Callable[[], None]:
    """Make this process's own environment one of the desk. What is returned, called once, gives it
    back, when all have: while one holds it that asked for nothing real, nothing real is let in."""
    global _holds, _default_session  # noqa: PLW0603 - a process has one environment
    with _lock:
        if not _holds:
            _default_session = _boto3_session()
        _holds += 1
        is_closed = _ours.get("AWS_CONFIG_FILE", (None, None))[1] == os.devnull
        now = _without_stand_ins(_of_aws())
        before = _theirs(now)
        wanted = at_the_desk(before, region, False if is_closed else real_aws)
        if before.keys().isdisjoint(REGIONS):
            wanted[OUR_REGION] = wanted["AWS_REGION"]
        changed = {n for n in {*now, *wanted} if now.get(n) != wanted.get(n)}
        for name in changed:
            was, _ = _ours.get(name, (now.get(name), None))
            _ours[name] = was, wanted.get(name)
            _set(name, wanted.get(name))
        if changed.difference(REGIONS, (OUR_REGION,)) and not real_aws:
            _blind()
        if _is_mocked() or before.get(ENDPOINT):
            stand_ins = NONE
        stand_ins = {name: to for name, to in stand_ins.items() if name not in before}
        _stand_ins.append(stand_ins)
        for name, to in stand_ins.items():
            _set(name, to)
    return partial(_release, stand_ins)


def _is_mocked() -> bool:
    """Whether a test has put moto's mocks in the way of AWS: what they have is what it looks at."""
    stubber = getattr(sys.modules.get("moto.core.models"), "botocore_stubber", None)
    return bool(getattr(stubber, "enabled", False))


def _release(stand_ins: Environ) -> None:
    global _holds  # noqa: PLW0603
    with _lock:
        _stand_ins[:] = [each for each in _stand_ins if each is not stand_ins]  # others are equal
        for name, to in stand_ins.items():
            if os.environ.get(name) == to:
                others = (each[name] for each in reversed(_stand_ins) if name in each)
                _set(name, next(others, None))
        _holds -= 1
        if _holds:
            return
        for name, (before, ours) in _ours.items():
            if os.environ.get(name) == ours:  # else somebody else has set it meanwhile
                _set(name, before)
        _ours.clear()
        if _boto3_session() is not None:
            sys.modules["boto3"].DEFAULT_SESSION = _default_session  # type: ignore[attr-defined]


def _set(name: str, value: str | None) -> None:
    if value is not None:
        os.environ[name] = value
    elif name in os.environ:
        del os.environ[name]


def _boto3_session() -> object:
    return getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)


def _blind() -> None:
    """Clients and sessions that are there already, as of a handler that a test has imported, keep
    what they found: they sign with the desk's key as long as somebody holds the environment."""
    if "botocore.client" not in sys.modules:
        return
    from botocore.client import BaseClient
    from botocore.session import Session

    for each in gc.get_objects():
        if issubclass(type(each), BaseClient):
            each.meta.events.register_first("before-sign", _sign, unique_id="offhook")
        elif issubclass(type(each), Session):
            each.get_component("event_emitter").register_first(
                "before-sign", _sign, unique_id="offhook"
            )


def _sign(request: "AWSRequest", **_more: object) -> None:
    from botocore.credentials import Credentials

    if _holds:
        request.context.setdefault("signing", {})["request_credentials"] = Credentials(KEY, KEY)


def explained(invoked: Invoked, limits: Limits, said: str = "") -> Invoked:
    """What came of it; where a function failed for want of credentials, as it `said` or wrote, the
    reason why there are none."""
    if limits.real_aws:
        return invoked
    if hint := _hint(invoked.error, limits):
        return replace(invoked, error=f"{invoked.error}\n  {hint}")
    if hint := _hint(invoked.log, limits) or _hint(said, limits):
        return replace(invoked, log=f"{invoked.log}\noffhook: {hint}\n".lstrip())
    return invoked


def is_for_want_of_credentials(told: str) -> bool:
    """Whether it is what SDKs say where there are none, and AWS where they open nothing."""
    return _WANTS.search(told) is not None


def _hint(told: str, limits: Limits) -> str:
    if not told:
        return ""
    if S3 in limits.stand_ins:
        for code, why in OF_STAND_INS.items():
            if re.search(code, told):
                return why
    if not _WANTS.search(told):
        return ""
    return HINT if S3 in limits.stand_ins else f"{HINT}. {NO_STAND_INS}"
