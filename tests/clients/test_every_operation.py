"""Every operation that is emulated passes with every client that has it, as `docs/clients.md` says.

Skipped for a client that is not installed here."""

from collections.abc import Iterator

import pytest

from docs.generate_clients import CLIENTS, PAGE, page
from offhook.actions import Pause
from offhook.emulator.server.api.model import load_model
from tests.clients.strangers import KINDS, Stranger
from tests.emulator.functions import always
from tests.emulator.server.conftest import Serves
from tests.emulator.server.stories import EMULATED, story_of

CELLS = [
    (name, operation)
    for name, client in CLIENTS.items()
    for operation in sorted(EMULATED)
    if client.is_for(operation)
]


@pytest.fixture(scope="module")
def strangers() -> Iterator[dict[str, Stranger]]:
    """Those that have been asked so far: each is a process."""
    asked: dict[str, Stranger] = {}
    yield asked
    for each in asked.values():
        each.close()


@pytest.mark.parametrize(("name", "operation"), CELLS)
def test_an_operation_passes(
    strangers: dict[str, Stranger], serves: Serves, name: str, operation: str
) -> None:
    kind = KINDS[name]
    if not kind.needs.exists():
        pytest.skip(f"not run: {name} is not installed: `make clients`")
    stranger = strangers.get(name) or strangers.setdefault(name, Stranger(kind))
    server = serves(always(Pause(duration_in_milliseconds=20_000)))
    stranger.endpoint = server.endpoint
    story = story_of(load_model().operations[operation])
    why = CLIENTS[name].fails.get(operation)
    if why is None:
        story(server, stranger)
        return
    with pytest.raises(AssertionError):
        story(server, stranger)


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/clients.md is stale: make docs"
