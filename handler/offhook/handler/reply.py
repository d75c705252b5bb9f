"""What a flow returned, made into an envelope that the service takes, or refused with a reason."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel, JsonValue

from offhook.actions import Action, Response, complaints
from offhook.actions.response import Attributes
from offhook.handler.asked import NOBODY, Asked
from offhook.handler.errors import ReplyRefused
from offhook.handler.event import ATTRIBUTE
from offhook.handler.events import Event
from offhook.handler.fallbacks import Reply
from offhook.handler.memory import is_news, kept
from offhook.handler.state import write


def envelope(reply: Reply, event: Event, asked: Asked = NOBODY) -> dict[str, JsonValue]:
    """The reply as the service reads it, with what is to be remembered of it. Raises
    `ReplyRefused`, before the service would."""
    attributes: Attributes | BaseModel | None = None
    if isinstance(reply, Response):
        attributes, reply = reply.attributes, reply.actions
    actions = _actions(reply, asked)
    answer: dict[str, JsonValue] = {"SchemaVersion": event.schema_version, "Actions": actions}
    if attributes is not None:
        answer["TransactionAttributes"] = _attributes(attributes, event)
    if attributes is not None or is_news(event, actions, asked.types):
        given = cast("Mapping[str, JsonValue]", answer.get("TransactionAttributes", event.stored))
        ours = kept(event, actions, asked.waiting)
        if ours not in ("", given.get(ATTRIBUTE)):
            all_of_them = {**given, ATTRIBUTE: ours}
            # It is little, and alone.
            has_room = attributes is not None or (not given and len(ours) < 4096)
            if has_room or complaints.check_attributes(all_of_them) is None:
                answer["TransactionAttributes"] = all_of_them
    # Typed actions are well formed one by one: what can be wrong is their number, and the state.
    if not 0 < len(actions) <= complaints.MAX_ACTIONS:
        _refuse(complaints.check_number(len(actions), event.TYPE))
    if attributes is not None:
        _refuse(complaints.check_attributes(answer["TransactionAttributes"]))
    return answer


def _refuse(complaint: complaints.Complaint | None) -> None:
    if complaint is not None:
        raise ReplyRefused(f'{complaint.hint}. The service logs "{complaint.log}"')


def _actions(reply: Any, asked: Asked) -> list[Any]:
    if isinstance(reply, (list, tuple)):  # first, as most are: of an action it takes longer to know
        entries, sent = enumerate(cast("Sequence[object]", reply)), asked.sent
        return [
            made[0] if (made := sent.get(id(one))) and made[0] == made[1] else _wire(one, n, asked)
            for n, one in entries
        ]
    if reply is None:
        return []
    if isinstance(reply, Action):
        return _actions([reply], asked)
    if isinstance(reply, Sequence) and not isinstance(reply, (str, bytes, bytearray)):
        return _actions([*cast("Sequence[object]", reply)], asked)
    raise ReplyRefused(f"a handler returned {_what(reply)}")


def _wire(action: Any, index: int, asked: Asked) -> dict[str, JsonValue]:
    its_id = id(action)
    if not isinstance(action, Action):
        raise ReplyRefused(f"Actions[{index}]: a handler returned {_what(action)}")
    try:
        wire = action.to_wire()
        if action.__pydantic_extra__ or not action.is_known:
            _refuse(complaints.check_type(f"{wire['Type']}", index))
        if (given := wire["Parameters"]) and not _is_plain(given):
            json.dumps(wire, ensure_ascii=False, allow_nan=False).encode()  # as Lambda does
        if its_id in asked.sent:
            asked.note(its_id, wire, action.to_wire())
        return wire
    except (ValueError, TypeError, AttributeError) as error:
        raise ReplyRefused(f"Actions[{index}] ({action.type_name()}): {error}") from error


def _is_plain(value: JsonValue) -> bool:
    """Whether it is what no encoder refuses, as most is: asked first, for an encoder takes long."""
    if not isinstance(value, dict):
        return isinstance(value, int) and -(2**63) < value < 2**63
    for name, one in value.items():
        if not ((one.isascii() if isinstance(one, str) else _is_plain(one)) and name.isascii()):
            return False
    return True


def _attributes(attributes: object, event: Event) -> JsonValue:
    if isinstance(attributes, BaseModel):
        return write(attributes, event.transaction_attributes)
    if isinstance(attributes, Mapping):
        return dict(cast("Mapping[str, JsonValue]", attributes))
    raise ReplyRefused(
        f"attributes is {type(attributes).__name__}: give a mapping, a pydantic model, {{}} to "
        "clear what is stored, or None to keep it"
    )


_RETURN = "return a list of actions, one action, None, or Response(actions, attributes=...)"


def _what(value: object) -> str:
    if isinstance(value, dict):
        keys = cast("dict[str, object]", value)
        if "statusCode" in keys or "body" in keys:
            return (
                "an object with statusCode and body, as for API Gateway: return the actions "
                "themselves, as in [Speak(text=...)]"
            )
        if "Actions" in keys or "SchemaVersion" in keys:
            return "a raw reply: return its actions, or Response.from_wire(...) of it"
        if isinstance(keys.get("Type"), str):
            return f"a raw action: write {keys['Type']}(...), or Action.from_wire(...)"
        return f"an object: {_RETURN}"
    if isinstance(value, str):
        return "a string: return actions, not JSON text"
    if isinstance(value, (list, tuple)):
        return "a list within the list: unpack it with *"
    if isinstance(value, Response):
        return "a Response within a reply: unpack *its.actions; attributes go into the outer one"
    if isinstance(value, type):
        return f"the class {value.__name__}: write {value.__name__}(...)"
    if callable(value):
        return "a function: call it"
    if hasattr(value, "__await__"):
        return "a coroutine: handlers are plain functions, use asyncio.run inside"
    return f"{type(value).__name__}: {_RETURN}"
