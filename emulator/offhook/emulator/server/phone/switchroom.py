"""What all lines of a desk share: who is told of calls, and the voice that reads aloud."""

from functools import cached_property
from typing import Protocol

from offhook.emulator.call.call import Call
from offhook.emulator.media.voices import Voices
from offhook.emulator.server.phone.mapped import Atlas
from offhook.emulator.server.voices import voices_of
from offhook.emulator.service.service import Service


class Told(Protocol):
    """Who wants to know that something has happened."""

    def change(self) -> None:
        """Something of the calls has changed."""
        ...


class Switchroom:
    """One for each service; it costs a call nothing while no page is open."""

    def __init__(self, service: Service) -> None:
        """Raises `ConfigError` for a Polly that cannot be asked."""
        self.service = service
        if service.desk.polly:
            _ = self.voices  # what is wrong with it is said now
        self.lines: set[Told] = set()
        self.faults: dict[str, tuple[str, ...]] = {}
        """What was to go wrong when a call began, by its transaction id; of those that are kept."""
        self.atlas = Atlas(service, lambda: bool(self.lines))
        """Where calls are on the maps of their lines."""
        service.when_placed.append(self._placed)

    @cached_property
    def voices(self) -> Voices:
        """How clips sound: what speaks the words of prompts. Looked for when a page comes."""
        return voices_of(self.service.desk)

    def _placed(self, call: Call) -> None:
        there = {each.transaction_id for each in self.service.placed()}
        for gone in self.faults.keys() - there:
            del self.faults[gone]
        self.atlas.forget(there)
        if faults := tuple(map(str, self.service.faults.waiting)):
            self.faults[call.transaction_id] = faults
        its_id = call.transaction_id  # what a call holds must not hold the call
        call.ladder.watchers.append(lambda _entry: self._happened(its_id))

    def _happened(self, transaction_id: str) -> None:
        if self.lines:
            if call := self.service.calls.get(transaction_id):
                self.atlas.look(call)
            self.change()

    def change(self) -> None:
        """Something that is shown has changed."""
        for line in self.lines:
            line.change()
