"""An event has all that belongs to one. A failure names what is missing, and where to write it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic.alias_generators import to_pascal, to_snake

from offhook import handler
from offhook.handler import Event, Fallbacks, Router, events
from offhook.handler.event_types import EVENT_TYPES
from tests.handler.payloads import payload
from tests.to_write import nothing_to_write

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {folder.name for folder in (ROOT / "events").iterdir() if folder.is_dir()} - {"trigger"}


def classes(of: type[Event] = Event) -> Iterator[type[Event]]:
    """Every class of an event that the framework has."""
    for kind in of.__subclasses__():
        yield from classes(kind)
        if kind.__module__.startswith("offhook.") and not kind.__name__.startswith("_"):
            yield kind


NAMES = {
    *EVENT_TYPES,
    *(to_snake(kind.__name__).upper() for kind in classes()),
    *(name.upper() for name in FOLDERS),
}


def missing(event_type: str) -> list[str]:
    """What an event lacks."""
    name = event_type.lower()
    kind = to_pascal(name)
    adopting, events_page, router_page = (
        (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
        for page in ("howto/adopting", "reference/events", "reference/router")
    )
    files = sorted((ROOT / "events" / name).glob("*.json"))
    read = [events.parse(json.loads(file.read_text(encoding="utf-8"))).flaw for file in files]
    flaws = "; ".join(str(flaw) for flaw in read if flaw)
    stories = (ROOT / "tests/handler/typing_stories.py").read_text(encoding="utf-8")
    parts = {
        f'handler/offhook/handler/event_types.py: a row "{event_type}" in EVENT_TYPES': (
            event_type in EVENT_TYPES
        ),
        f"handler/offhook/handler/events.py: class {kind}(Event)": hasattr(events, kind),
        f'handler/offhook/handler/events.py: "{kind}" in __all__': kind in dir(handler),
        f"handler/offhook/handler/registration.py: the decorator {name} in Registration": (
            hasattr(Router, name)
        ),
        f"handler/offhook/handler/fallbacks.py: the field {name} in Fallbacks": (
            hasattr(Fallbacks(), name)
        ),
        f"docs/reference/events.md: {kind}, in the members of its module": (
            re.search(rf"members: .*\b{kind}\b", events_page) is not None
        ),
        f"docs/reference/router.md: which conditions `{name}` takes": f"`{name}`" in router_page,
        f"docs/howto/adopting.md: lambda_handler.{name}, among the others": (
            f" lambda_handler.{name},\n" in adopting
        ),
        f"events/{name}/: a payload of it": bool(files),
        f"events/{name}/: payloads as the service sends them; there is {flaws} (where it is told "
        "about no leg, its row in EVENT_TYPES says has_legs=False)": not flaws,
        f"tests/handler/typing_stories.py: what the log offers to paste for @router.{name}()": (
            f"\n@router.{name}(" in stories
        ),
    }
    return [part for part, is_there in parts.items() if not is_there]


@pytest.mark.parametrize("event_type", sorted(NAMES))
def test_an_event_has_everything_that_belongs_to_it(event_type: str) -> None:
    nothing_to_write(f"{event_type} lacks", missing(event_type))


class NotOneOfOurs(Event):
    """An event of which there is nothing but the class."""


def test_of_an_event_that_is_a_class_alone_every_other_part_is_named() -> None:
    assert [part.partition(":")[0] for part in missing("NOT_ONE_OF_OURS")] == [
        *("handler/offhook/handler/event_types.py", "handler/offhook/handler/events.py"),
        *("handler/offhook/handler/events.py", "handler/offhook/handler/registration.py"),
        *("handler/offhook/handler/fallbacks.py", "docs/reference/events.md"),
        *("docs/reference/router.md", "docs/howto/adopting.md", "events/not_one_of_ours/"),
        "tests/handler/typing_stories.py",
    ]


def test_a_call_that_gets_an_event_which_is_a_class_alone_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event = NotOneOfOurs(payload("call_answered/minimal", InvocationEventType="NOT_ONE_OF_OURS"))
    assert Router().answer(event) == {"SchemaVersion": "1.0", "Actions": []}
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
