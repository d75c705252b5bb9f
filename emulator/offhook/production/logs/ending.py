"""How a call ended, and where the caller was lost."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from offhook.emulator.call.complaints import check
from offhook.production.log_texts import meaning
from offhook.production.logs.recorded import Exchange, RecordedCall

Fields: TypeAlias = Mapping[str, object]
How: TypeAlias = Literal[
    "dropped", "stranded", "not answered", "they hung up", "we hung up", "not known"
]
WORST: Final[Sequence[How]] = (
    *("dropped", "stranded", "not known"),
    *("not answered", "they hung up", "we hung up"),
)
"""Ways in which calls end, the worst first."""


class Ending(NamedTuple):
    """How a call ended, and where."""

    how: How
    after: int
    """The place of the last exchange that mattered: what came of it is what happened."""
    why: str
    """In a few words; what the caller was in the middle of, where they left."""


def ending(call: RecordedCall) -> Ending:
    """Of a call; what the logs do not have is not known."""
    last = len(call.exchanges) - 1
    if call.service:
        text = call.service[-1].text
        return Ending("dropped", last, f"the service says “{text}”: {meaning(text)}")
    for place, exchange in enumerate(call.exchanges):
        if exchange.answer == "failed" and not _is_informed(exchange):
            return Ending("dropped", place, f"the function failed: {exchange.error}")
    if refused := _refused(call.exchanges):
        return refused
    if "the end" in call.lacks:
        return Ending("not known", last, "here the logs end")
    return _left(call, last)


def _is_informed(exchange: Exchange) -> bool:
    event = exchange.told
    legs = event.participants
    return event.TYPE == "ACTION_INTERRUPTED" or all(leg.status == "Disconnected" for leg in legs)


def _refused(exchanges: Sequence[Exchange]) -> Ending | None:
    """A reply after which the service goes on with nothing: the first, or the second in a row."""
    before = False
    for place, exchange in enumerate(exchanges):
        event = exchange.told
        complaint = None
        if exchange.answer == "replied" and not event.ignores_actions and event.TYPE != "HANGUP":
            complaint = check(exchange.reply, event.TYPE)
        is_first = event.TYPE == "NEW_INBOUND_CALL"
        if complaint is not None and (before or is_first) and len(exchanges) <= place + 2:
            return Ending("dropped", place, f"the reply was refused: {complaint.log}")
        before = complaint is not None
    return None


def _left(call: RecordedCall, last: int) -> Ending:
    """Everybody has gone: who was first, and in the middle of what."""
    hangups = [n for n, each in enumerate(call.exchanges) if each.told.TYPE == "HANGUP"]
    place = next(
        (n for n in hangups if call.exchanges[n].told.leg.participant_tag != "LEG-B"), last
    )
    event = call.exchanges[place].told
    code = getattr(event, "sip_response_code", None)
    leg = event.leg_a
    was_up = any(each.told.leg_a.is_connected for each in call.exchanges[:place])
    if not was_up and code:
        return Ending("not answered", place, f"{leg.other_party} did not answer: SIP {code}")
    doing = running(call, place)
    if "Hangup" in doing:
        return Ending("we hung up", place, "")
    why = f"{leg.other_party} hung up"
    if doing:
        why += f" during {', or '.join(doing)}"
    if code:
        why += f", with SIP {code}"
    behind = [each for each in event.connected if each.participant_tag != leg.participant_tag]
    if behind and place == last:
        why += f"; {behind[0].participant_tag} stayed"
        return Ending("stranded", place, why)
    return Ending("they hung up", place, why)


def running(call: RecordedCall, place: int) -> list[str]:
    """The actions that may have been running when an event came: those of the last list that are
    not known to be done."""
    for number in range(place - 1, -1, -1):
        exchange = call.exchanges[number]
        if exchange.told.ignores_actions or not (kinds := actions_of(exchange)):
            continue
        done = [
            _type(each.event.get("ActionData"))
            for each in call.exchanges[number + 1 : place]
            if each.told.TYPE in ("ACTION_SUCCESSFUL", "ACTION_FAILED")
        ]
        if any(each.told.TYPE == "ACTION_FAILED" for each in call.exchanges[number + 1 : place]):
            return []
        for kind in done:
            kinds = kinds[kinds.index(kind) + 1 :] if kind in kinds else kinds
        return kinds
    return []


def actions_of(exchange: Exchange) -> list[str]:
    """The types of the actions in a reply."""
    reply = exchange.reply
    actions = reply.get("Actions") if isinstance(reply, dict) else None
    row = cast("Sequence[object]", actions) if isinstance(actions, list) else ()
    return [_type(each) for each in row]


def _type(action: object) -> str:
    return str(cast("Fields", action).get("Type") if isinstance(action, dict) else None)
