"""A call that happened as the turns that the emulator judges: what is wrong with its replies."""

from collections.abc import Iterator

from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, once
from offhook.emulator.findings.parameters import of_parameters
from offhook.emulator.findings.replies import of_reply
from offhook.emulator.findings.whole_calls import of_call
from offhook.emulator.function.function import Failure, Invoked
from offhook.production.logs.recorded import Exchange, RecordedCall


def turns(call: RecordedCall) -> list[Turn]:
    """Of each exchange; seconds count from when the call began."""
    made: list[Turn] = []
    for each in call.exchanges:
        sent = seconds_after(call, each) if each.at else (made[-1].at if made else 0.0)
        took = each.seconds or 0.0
        is_obeyed = not each.told.ignores_actions
        made.append(Turn(each.event, invoked(each), is_obeyed, sent, sent + took, took))
    return made


def seconds_after(call: RecordedCall, exchange: Exchange) -> float:
    """How long the call had lasted when an event came that has a time."""
    began = call.began
    return (exchange.at - began).total_seconds() if exchange.at and began else 0.0


def invoked(exchange: Exchange) -> Invoked:
    """What came of the invocation; nothing, where it is not known."""
    how: Failure = "timed_out" if "timed out" in exchange.error else "function"
    return Invoked(exchange.reply, exchange.error, how, "", exchange.seconds or 0.0)


def findings(call: RecordedCall) -> list[Finding]:
    """What is wrong with the replies that are there; with the call as a whole, where it is."""
    row = turns(call)
    seen = [t for t, each in zip(row, call.exchanges, strict=True) if each.answer != "unseen"]
    return once([*_of_each(seen), *of_call(row, is_over=call.is_complete)])


def _of_each(seen: list[Turn]) -> Iterator[Finding]:
    for turn in seen:
        yield from of_reply(turn)
        yield from of_parameters(turn)
