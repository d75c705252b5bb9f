"""The way to AWS: a session for who asks, and what to do where it does not do what it is asked."""

import os
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from offhook.handler.errors import OffhookError

DENIED: Final = ("AccessDenied", "Forbidden", "Unauthorized", "AuthorizationError", "403")
EXPIRED: Final = ("ExpiredToken", "RequestExpired")
NO_KEY: Final = (
    *EXPIRED,
    "InvalidClientTokenId",
    "UnrecognizedClient",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "InvalidToken",
)
"""Codes of AWS, or what is in them."""

OTHERS: Final = "--profile NAME, or AWS_PROFILE, names others"
SIGN_IN: Final = f"sign in again (`aws sso login`); {OTHERS}"
NOBODY: Final = "nobody answers at {endpoint_url}: {there}"
_WHY: Final[Mapping[str, str]] = {
    "NoCredentialsError": (
        "no credentials are found: write --profile NAME, or set AWS_PROFILE (`aws configure` "
        "makes a profile)"
    ),
    "PartialCredentialsError": f"the credentials lack {{cred_var}}: {OTHERS}",
    "CredentialRetrievalError": f"the credentials cannot be had from {{provider}}: {SIGN_IN}",
    "LoginError": f"whoever signed in is signed in no more: {SIGN_IN}",
    "SSOError": f"whoever signed in is signed in no more: {SIGN_IN}",
    "TokenRetrievalError": f"whoever signed in is signed in no more: {SIGN_IN}",
    "ProfileNotFound": (
        "there is no profile {profile}: `aws configure list-profiles` says which there are"
    ),
    "InvalidRegionError": "{region_name} is no region: write one as us-east-1",
    "ConnectionError": NOBODY,
    "HTTPClientError": NOBODY,
    "ProxyConnectionError": "the proxy {proxy_url} does not answer: HTTPS_PROXY names it",
    "SSLError": "{endpoint_url} is not whom it should be: {error}",
}
"""What to say of botocore's exceptions, those that are below one of these too."""


class NoWayIn(OffhookError):
    """There is no way into the account."""


def session(who: str, profile: str | None, region: str | None) -> Any:
    """boto3's, for a profile (else what any SDK finds) and a region, which the AWS CLI reads of
    AWS_REGION too. Raises `NoWayIn`, for `who` wants it."""
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, NoCredentialsError
        from botocore.utils import validate_region_name
    except ModuleNotFoundError as error:
        raise NoWayIn(
            f'{who} needs {error.name}: pip install "offhook[trigger]", or `make .venv/.serve` here'
        ) from None
    region = region or os.environ.get("AWS_REGION")
    try:
        found: Any = boto3.Session(profile_name=profile, region_name=region)
        if not found.region_name:
            raise NoWayIn("no region is named: write --region us-east-1, or set AWS_REGION")
        validate_region_name(found.region_name)
        if found.get_credentials() is None:
            raise NoCredentialsError
    except BotoCoreError as error:
        raise NoWayIn(why(error)) from None
    return found


def why(error: BaseException) -> str:
    """What one of botocore's exceptions means to who typed a command; any other says it itself."""
    if isinstance(told := getattr(error, "response", None), dict):
        operation = str(getattr(error, "operation_name", ""))
        return _refused(cast("Mapping[str, object]", told), operation)
    said = next((_WHY[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _WHY), "")
    if not said:
        return str(error)
    more = cast("Mapping[str, object]", getattr(error, "kwargs", {}))
    return said.format_map(_Blank(more, there=_there(str(more.get("endpoint_url")))))


class _Blank(dict[str, object]):
    """What an exception does not say is left out."""

    def __missing__(self, name: str) -> str:
        return "it"


def _there(url: str) -> str:
    if re.search(r"\.(amazonaws\.com|api\.aws)\b", url):
        return "is there such a region, and a way there from here? --region names another"
    return "start what is to be there, or unset what names it (AWS_ENDPOINT_URL)"


def _refused(told: Mapping[str, object], operation: str) -> str:
    error = cast("Mapping[str, object]", told.get("Error") or {})
    code, message = str(error.get("Code", "")), str(error.get("Message", "")).rstrip(".")
    if any(word in code for word in EXPIRED):
        return f"these credentials have expired: {SIGN_IN}"
    if any(word in code for word in NO_KEY):
        return f"AWS does not take these credentials ({message or code}): {OTHERS}"
    if any(word in code for word in DENIED):
        return f"these credentials may not do {operation} ({message or code}): {OTHERS}"
    return f"{operation} says {code}: {message}"
