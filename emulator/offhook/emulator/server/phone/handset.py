"""The telephone of one page: who is at its number, and who dials from there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from offhook.emulator.call.audio import speech
from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.media.browser import BrowserMedia, Page, Reads
from offhook.emulator.media.voices import Voices
from offhook.emulator.server.desk.endpoint import Cannot
from offhook.emulator.service.quotas import TooManyCalls
from offhook.emulator.service.service import Service

State: TypeAlias = Literal["idle", "calling", "ringing", "up"]

BUSY, GONE = 486, 480


class Handset:
    """One call at a time; who calls meanwhile hears that it is busy. A far end."""

    def __init__(self, service: Service, page: Page, voices: Voices) -> None:
        self._service = service
        self._page = page
        self._voices = voices
        self._media: BrowserMedia | None = None
        self._was_there: FarEnd | None = None
        self._on: tuple[LiveCall, Leg] | None = None
        self._told: Mapping[str, object] = {}
        self.number = ""
        self.reads: Reads = "desk" if voices.voice else "nobody"

    @property
    def state(self) -> State:
        """What it does now."""
        leg = self._on[1] if self._on else None
        if leg is None or leg.is_gone:
            return "idle"
        if leg.is_connected:
            return "up"
        return "calling" if leg.direction == "Inbound" else "ringing"

    def be(self, number: str) -> None:
        """From now on it has this number. Raises `Cannot` for one that is somebody's already."""
        there = self._service.far_ends.get(number)
        if number in self._service.numbers:
            raise Cannot(f"{number} is answered by an application: dial it, and be another number")
        if isinstance(there, Handset) and there is not self:
            raise Cannot(f"{number} is the phone of another page: choose another number", 409)
        if self.state != "idle":
            raise Cannot("a phone that is in a call keeps its number: hang up first", 409)
        if there is not self:
            self._leave()
            self.number, self._was_there = number, there
            self._service.far_ends[number] = self
        self.tell()

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Somebody calls this telephone: it rings."""
        if self.state != "idle":
            leg.loop.call_soon(call.person_hangs_up, leg, BUSY)
        else:
            self._take(call, leg)

    def dial(self, to: str, at: datetime | None, sip_headers: Mapping[str, str]) -> Call:
        """Call one of our numbers. Raises `Cannot`, `OffhookError`."""
        self._check("dial", "idle")
        if not self.number:
            raise Cannot(
                'dial: say which number calls first, as in {"Do": "be", "Number": "+1..."}'
            )
        try:
            call = self._service.call_in(to, self.number, at=at, sip_headers=sip_headers)
        except TooManyCalls as error:
            raise Cannot(str(error), 503) from None
        self._take(call, call.legs[0])
        return call

    def answer(self) -> None:
        """Pick up. Raises `Cannot` where it does not ring, as all of these do."""
        call, leg = self._must("answer", "ringing")
        call.answered(leg)

    def decline(self, sip_response_code: int) -> None:
        """Do not pick up."""
        call, leg = self._must("decline", "ringing")
        call.person_hangs_up(leg, sip_response_code)

    def hang_up(self) -> None:
        """Leave, or stop ringing."""
        call, leg = self._must("hang_up", "up", "calling")
        call.person_hangs_up(leg)

    def press(self, key: str) -> None:
        """Press a key of this telephone."""
        self._must("press", "up")[1].presses(key)

    async def say(self, words: str) -> None:
        """Say words: they last as long as they sound."""
        call, leg = self._must("say", "up")
        clip = speech(words, "text", call.settings.words_per_minute)
        call.person_says(leg, await self._voices.sounding(clip))

    def types(self, is_typing: bool) -> None:
        """Somebody types what they will say."""
        if self._on is not None:
            self._on[1].speaks_up = is_typing

    def pick_up(self, call: Call, leg: Leg) -> None:
        """Answer for somebody who is on no phone."""
        self._check("pick_up", "idle")
        if leg.status is not None or leg.direction != "Outbound":
            raise Cannot(f"{leg.tag} does not ring: it is {leg.status or leg.direction}", 409)
        self._take(call, leg)
        call.answered(leg)

    def voice(self, frame: bytes) -> None:
        """20 ms from its microphone."""
        if self.state == "up" and self._on is not None:
            self._on[0].person_speaks(self._on[1], frame)

    def spoken(self, number: int) -> None:
        """The browser's voice is done."""
        if self._media is not None:
            self._media.spoken(number)

    def close(self) -> None:
        """The page has gone, and so has whoever sat there."""
        if self._on is not None and self.state != "idle":
            call, leg = self._on
            leg.report("note", f"the page of {self.number or 'the phone'} has gone")
            call.person_hangs_up(leg, GONE if self.state == "ringing" else 0)
        self._leave()

    def tell(self) -> None:
        """Tell the page what it does now, where that is new."""
        shown: dict[str, object] = {"Is": "phone", "Number": self.number, "State": self.state}
        if self._on is not None:
            call, leg = self._on
            shown |= {
                "TransactionId": call.transaction_id,
                "Tag": leg.tag,
                "From": leg.from_,
                "To": leg.to,
                "SipHeaders": dict(leg.invite_headers),
                "SipResponseCode": leg.sip_response_code,
            }
        if shown != self._told:
            self._told = shown
            self._page.tell(shown)

    def _take(self, call: LiveCall, leg: Leg) -> None:
        self._on = call, leg
        leg.media = self._media = BrowserMedia(self._page, self._voices, self.reads)
        call.on_digits(leg, lambda digit: self._page.tell({"Is": "tone", "Digit": digit}))

        def look(_entry: object = None) -> None:
            if self._on is not None and self._on[1] is leg:
                self.tell()

        def put_down() -> None:  # what is kept of the call keeps nothing of the page
            media.close()
            call.on_digits(leg, lambda _digit: None)
            leg.loop.call_soon(call.ladder.watchers.remove, look)
            look()

        media = self._media
        call.ladder.watchers.append(look)
        leg.at_end(put_down)
        self.tell()

    def _check(self, doing: str, *states: State) -> None:
        """Raises `Cannot` in another state."""
        if self.state not in states:
            must = " or ".join(states)
            raise Cannot(f"{doing}: the phone must be {must}, and it is {self.state}", 409)

    def _must(self, doing: str, *states: State) -> tuple[LiveCall, Leg]:
        """The call that it is in. Raises `Cannot` in another state."""
        self._check(doing, *states)
        assert self._on is not None
        return self._on

    def _leave(self) -> None:
        if self.number and self._service.far_ends.get(self.number) is self:
            del self._service.far_ends[self.number]
            if self._was_there is not None:
                self._service.far_ends[self.number] = self._was_there
