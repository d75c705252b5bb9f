"""The calls of a server, as they happen: what the terminal shows of each."""

from offhook.command.say import say
from offhook.emulator.call.call import Call
from offhook.emulator.call.ladder import Entry, Folding
from offhook.emulator.findings.finding import render
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.service.service import Service


def show_calls(service: Service) -> None:
    """From now on each line begins with the number of its call; what there is to mend follows."""
    service.when_placed.append(_show)
    service.when_over.append(_judge)


def _show(call: Call) -> None:
    folding = Folding()

    def show(entry: Entry) -> None:
        if not entry.text:
            return
        shown = [*folding.show(entry)]
        if call.is_over:
            shown += folding.rest()
        for each in shown:
            say("\n".join(f"[{call.number}] {line}" for line in str(each).split("\n")))

    for entry in call.ladder.entries:
        show(entry)
    call.ladder.watchers.append(show)


def _judge(call: Call) -> None:
    if findings := of_turns(call.told.turns):
        lines = render(findings).split("\n")
        say("\n".join(f"[{call.number}] {line}" for line in lines))
