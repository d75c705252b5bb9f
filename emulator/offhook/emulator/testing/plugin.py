"""The pytest plugin: the fixture `phone`, and `--handler` for it."""

from collections.abc import Iterator

import pytest

from offhook.emulator.service.config import load
from offhook.emulator.testing.phone import Phone


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--handler`, for the `phone` fixture."""
    parser.getgroup("offhook").addoption(
        "--handler", help="module:function that answers all numbers of the phone fixture"
    )


@pytest.fixture
def phone(request: pytest.FixtureRequest) -> Iterator[Phone]:
    """Somebody with a telephone, and the numbers of `[tool.offhook]`."""
    handler: str | None = request.config.getoption("--handler")
    with Phone(handler, desk=load(request.config.rootpath)) as somebody:
        yield somebody
