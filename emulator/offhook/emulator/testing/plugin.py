"""The pytest plugin: the fixture `phone`, `--handler` for it, `--ladders`, and no account for any
test; calls that happened are tests, where the configuration names their folder."""

import os
from collections.abc import Iterator
from importlib import import_module

import pytest

from offhook.emulator.function.credentials import hold
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.testing.ladders import Ladders
from offhook.emulator.testing.phone import Phone


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--handler`, for the `phone` fixture; `--real-aws` and `--ladders`, for every test;
    `--accept`, for calls that happened."""
    group = parser.getgroup("offhook")
    group.addoption(
        "--handler", help="module:function that answers all numbers of the phone fixture"
    )
    group.addoption(
        "--ladders",
        metavar="FOLDER",
        help="write the calls of each test that fails there, as a picture (SVG)",
    )
    group.addoption(
        "--real-aws",
        action="store_true",
        help="let tests and functions find your AWS credentials, and act on that account",
    )
    group.addoption(
        "--accept",
        action="store_true",
        help="write what calls that happened are answered now into their folder",
    )


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """From here on tests, and the handlers that they import, find no credentials that open
    anything, unless they were asked for."""
    if early_config.known_args_namespace.real_aws:
        os.environ["OFFHOOK_REAL_AWS"] = "true"  # for every desk that a test loads
        early_config.add_cleanup(_forget_real_aws)
    try:
        desk = load(early_config.rootpath)
    except ConfigError:  # the fixture says why
        desk = Desk()
    early_config.add_cleanup(hold(desk.region, desk.real_aws))


def pytest_configure(config: pytest.Config) -> None:
    """`--ladders`, from the folder where pytest was started; calls of the folder that `logs` names
    are tests."""
    if (folder := config.getoption("--ladders")) is not None:
        config.pluginmanager.register(Ladders(config.invocation_params.dir / folder))
    try:
        desk = load(config.rootpath)
    except ConfigError:  # the fixture says why
        return
    if desk.logs is not None:
        if config.getoption("--accept") and config.getoption("numprocesses", None):
            raise pytest.UsageError("--accept writes files: leave out -n, or give -n 0")
        import_module("offhook.production.logs.collected").register(config, desk, desk.logs)


def _forget_real_aws() -> None:
    del os.environ["OFFHOOK_REAL_AWS"]


@pytest.fixture
def phone(request: pytest.FixtureRequest) -> Iterator[Phone]:
    """Somebody with a telephone, and the numbers of `[tool.offhook]`."""
    handler: str | None = request.config.getoption("--handler")
    with Phone(handler, desk=load(request.config.rootpath)) as somebody:
        yield somebody
