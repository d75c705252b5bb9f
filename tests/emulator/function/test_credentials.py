"""No run at the desk uses the developer's AWS credentials, unless they are asked for by name."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase

import botocore.session
import pytest
from botocore.exceptions import ProfileNotFound
from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.function.credentials import at_the_desk, explained
from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.function.variables import variables
from tests.emulator.function.conftest import OTHERS, REAL

FROM_ENVIRONMENT = {
    "a key": {"AWS_ACCESS_KEY_ID": REAL, "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"},
    "an expired key": {
        "AWS_ACCESS_KEY_ID": REAL,
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
    },
    "the default profile": {},
    "a profile": {"AWS_PROFILE": "work"},
    "a default profile": {"AWS_DEFAULT_PROFILE": "work"},
    "a process": {"AWS_PROFILE": "process"},
    "single sign-on": {"AWS_PROFILE": "sso"},
    "a role": {"AWS_PROFILE": "role"},
    "a container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/"},
    "a container's token": {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere",
    },
    "a web identity": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn:x"},
    "a bearer token": {"AWS_BEARER_TOKEN_BEDROCK": "t"},
    "files elsewhere": {"AWS_SHARED_CREDENTIALS_FILE": "{home}/.aws/credentials"},
    "an old file": {"BOTO_CONFIG": "{home}/.aws/credentials", "AWS_CREDENTIAL_FILE": "x"},
}


@pytest.mark.parametrize("source", FROM_ENVIRONMENT)
def test_whatever_the_source_botocore_finds_the_desk_s_key(
    source: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {name: v.format(home=home) for name, v in FROM_ENVIRONMENT[source].items()}
    has(monkeypatch, at_the_desk({**theirs, "HOME": str(home)}, "eu-central-1", real_aws=False))
    session = botocore.session.Session()
    found = session.get_credentials()
    assert found is not None
    assert found.get_frozen_credentials()[:3] == ("desk", "desk", None)
    assert session.get_config_variable("region") == "eu-central-1"


@pytest.mark.parametrize("profile", ["default", "work", "process", "sso", "role"])
def test_a_profile_that_the_code_names_is_not_there(
    profile: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, at_the_desk({"HOME": str(home)}, "us-east-1", real_aws=False))
    session = botocore.session.Session(profile=profile)
    try:
        found = session.get_credentials()
    except ProfileNotFound:
        return
    assert found is None


@pytest.mark.parametrize("source", ["a key", "a profile", "a default profile", "a container"])
def test_a_profile_that_is_asked_for_beats_every_other_source(
    source: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, at_the_desk({**FROM_ENVIRONMENT[source], "HOME": str(home)}, "x", "work"))
    found = botocore.session.Session().get_credentials()
    assert found is not None
    assert found.access_key == OTHERS


def has(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """This process's environment is another."""
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


LEADS = re.compile(r"BOTO_CONFIG|AWS_(?!ENDPOINT_URL)\w+")
"""What may lead to credentials, or to a region. Hypothesis takes names from the code, too."""
NAMES = st.text(f"{ascii_uppercase}_", min_size=2, max_size=13).filter(
    lambda name: not LEADS.fullmatch(name)
)


@given(st.dictionaries(NAMES, st.text()))
def test_what_leads_to_no_credentials_stays_as_it_is(environment: dict[str, str]) -> None:
    theirs = {**environment, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000", "AWS_RETRY_MODE": "x"}
    found = at_the_desk(theirs, "us-east-1", real_aws=False)
    assert {name: found.get(name) for name in theirs} == theirs


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        ({}, ("eu-west-2", "eu-west-2")),
        ({"AWS_REGION": "us-west-2"}, ("us-west-2", "us-west-2")),
        ({"AWS_DEFAULT_REGION": "us-west-2"}, ("us-west-2", "us-west-2")),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-west-2"}, ("us-west-2", "us-west-2")),
    ],
)
@pytest.mark.parametrize("real_aws", [True, False, "work"])
def test_there_is_always_a_region(
    theirs: dict[str, str], found: tuple[str, str], real_aws: bool | str
) -> None:
    environment = at_the_desk(theirs, "eu-west-2", real_aws)
    assert (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) == found


@pytest.mark.parametrize(
    "said",
    [
        "CredentialsProviderError: Could not load credentials from any providers",
        "NoCredentialsError: Unable to locate credentials",
        "ClientError: An error occurred (InvalidAccessKeyId) when calling the GetObject operation",
        "UnrecognizedClientException: The security token included in the request is invalid.",
        "ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden",
    ],
)
def test_what_sdks_say_without_credentials_is_known(said: str) -> None:
    assert "--real-aws" in explained(Invoked(error=said), Limits()).error
    assert "--real-aws" in explained(Invoked(log=said), Limits()).log
    assert explained(Invoked(error=said), Limits(real_aws=True)).error == said


def test_any_other_failure_is_told_as_it_is() -> None:
    for said in ("KeyError: 'credentials'", "ClientError: An error occurred (404)", ""):
        assert explained(Invoked(error=said, log=said), Limits()) == Invoked(error=said, log=said)


def test_a_process_of_its_own_finds_none_whatever_its_env_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    (tmp_path / ".env").write_text(f"AWS_ACCESS_KEY_ID={REAL}\nAWS_CONFIG_FILE=mine\nTABLE=t\n")
    found = variables("menu", tmp_path, "h", Limits(environment={"AWS_SESSION_TOKEN": "t"}))
    assert (found["AWS_ACCESS_KEY_ID"], found["AWS_CONFIG_FILE"]) == ("desk", os.devnull)
    assert found.keys().isdisjoint({"AWS_PROFILE", "AWS_SESSION_TOKEN"})
    assert found["TABLE"] == "t"
