"""What botocore makes of what it knows of AWS, it makes once, and not for each client of a test.

That takes longer than most tests. What is kept are descriptions: sessions, clients, connections and
what is said on them are each test's own.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, ParamSpec, TypeVar

from botocore import client, hooks, parsers, regions, session, useragent

Given = ParamSpec("Given")
Made = TypeVar("Made")


def once(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Like `functools.cache`, also of descriptions, which are known by where they lie."""
    made: dict[tuple[object, ...], tuple[object, Made]] = {}

    def known(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        given = (*args, *kwargs.values())
        key = tuple(each if isinstance(each, str) else id(each) for each in given)
        if key not in made:
            made[key] = given, make(*args, **kwargs)
        return made[key][1]

    return known


def read_once() -> None:
    """From now on, in this process."""
    for module, name, keep in (
        (session, "create_loader", cache),
        (client, "ServiceModel", once),
        (regions, "EndpointProvider", once),
        (useragent, "sanitize_user_agent_string_component", cache),
        (parsers, "DEFAULT_TIMESTAMP_PARSER", cache),
    ):
        setattr(module, name, keep(getattr(module, name)))
    creator: Any = client.ClientCreator
    create = creator._create_methods
    methods: dict[object, dict[str, object]] = {}

    def created(its: object, service: object) -> dict[str, object]:
        if service not in methods:
            methods[service] = create(its, service)
        return dict(methods[service])

    creator._create_methods = created
    # Each looks up, and keeps, what an event is called else: one does for all.
    names: Any = hooks.EventAliaser
    names._alias_event_name = names(None)._alias_event_name
