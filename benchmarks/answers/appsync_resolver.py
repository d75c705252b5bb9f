"""With Powertools' AppSyncEventsResolver: its newest resolver. It dispatches and checks nothing."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from aws_lambda_powertools.event_handler import AppSyncEventsResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from benchmarks.answers import raw_dicts

Resolve: TypeAlias = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

CONTEXT = LambdaContext()

app = cast("Any", AppSyncEventsResolver)()


def _menu(payload: Mapping[str, Any]) -> object:
    return raw_dicts.answer(payload)


for _kind in ("NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"):
    app.on_publish(f"/calls/{_kind}")(_menu)


def invocation(event: Mapping[str, object]) -> Mapping[str, object]:
    """The event as AppSync delivers it: one message, published on a channel."""
    path = f"/calls/{event['InvocationEventType']}"
    return {
        "id": None,
        "result": None,
        "error": None,
        "info": {
            "channel": {"path": path, "segments": path.strip("/").split("/")},
            "channelNamespace": {"name": "calls"},
            "operation": "PUBLISH",
        },
        "identity": None,
        "stash": None,
        "request": {"headers": {}, "domainName": None},
        "events": [{"id": "1", "payload": event}],
    }


def answer(event: Mapping[str, object]) -> object:
    return cast("Resolve", app)(cast("dict[str, Any]", event), CONTEXT)


def reply_in(answered: object) -> object:
    """The reply to the one message."""
    return cast("dict[str, list[dict[str, object]]]", answered)["events"][0]["payload"]
