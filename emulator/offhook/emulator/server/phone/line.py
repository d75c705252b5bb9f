"""The socket of one page: what comes is done, what happens is told and shown."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from offhook.emulator.call.call import Call
from offhook.emulator.call.span import FRAME_BYTES
from offhook.emulator.server.desk.endpoint import Cannot, call_named, leg_named
from offhook.emulator.server.phone import messages
from offhook.emulator.server.phone.handset import Handset
from offhook.emulator.server.phone.shown import Shown
from offhook.emulator.server.phone.switchroom import Switchroom
from offhook.handler.errors import OffhookError

MOST_FRAMES = 50
"""Frames of sound that wait to be sent; a page that is a second behind misses some."""
STALLED_SECONDS = 10.0
"""After so long without taking what it is sent, a page has gone."""
LOOKS_EVERY, LOOKS_SELDOM = 0.25, 1.0
"""Seconds between two looks at what no ladder tells: during a call that is shown, and else."""
GATHERS_SECONDS = 0.03
"""What happens at about the same time is shown at once."""


class Line:
    """Lives as long as its socket."""

    def __init__(self, room: Switchroom, socket: WebSocket) -> None:
        self._room = room
        self._socket = socket
        self._out: deque[str | bytes] = deque()
        self._has_more = asyncio.Event()
        self._changed = asyncio.Event()
        self._frames = 0
        self.handset = Handset(room.service, self, room.voices)
        self._shown = Shown(room)

    async def live(self) -> None:
        """Until the page goes."""
        await self._socket.accept()
        self._room.lines.add(self)
        try:
            async with asyncio.TaskGroup() as tasks:
                for each in (self._send(), self._show()):
                    tasks.create_task(each)
                tasks.create_task(self._listen())
        except* (_Gone, WebSocketDisconnect, RuntimeError, TimeoutError):
            pass  # RuntimeError: Starlette's, where it was closed meanwhile
        finally:
            self._room.lines.discard(self)
            self.handset.close()
            with suppress(RuntimeError):
                await self._socket.close()

    def sound(self, frame: bytes) -> None:
        """20 ms are heard at the page."""
        if self._frames < MOST_FRAMES:
            self._frames += 1
            self._put(frame)

    def tell(self, message: Mapping[str, object]) -> None:
        """The page is told something; a flush overtakes the sound before it."""
        if message["Is"] == "flush":
            self._out = deque(each for each in self._out if isinstance(each, str))
            self._frames = 0
        self._put(json.dumps(message, ensure_ascii=False, default=str))

    def change(self) -> None:
        """Something has happened that may be shown."""
        self._changed.set()

    def _put(self, message: str | bytes) -> None:
        self._out.append(message)
        self._has_more.set()

    async def _send(self) -> None:
        while True:
            await self._has_more.wait()
            self._has_more.clear()
            while self._out:
                message = self._out.popleft()
                async with asyncio.timeout(STALLED_SECONDS):
                    if isinstance(message, bytes):
                        self._frames = max(0, self._frames - 1)
                        await self._socket.send_bytes(message)
                    else:
                        await self._socket.send_text(message)

    async def _show(self) -> None:
        while True:
            for message in self._shown.news(self.handset):
                self.tell(message)
            patience = LOOKS_EVERY if self._shown.is_live else LOOKS_SELDOM
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._changed.wait()
            await asyncio.sleep(GATHERS_SECONDS)
            self._changed.clear()

    async def _listen(self) -> None:
        while True:
            received = await self._socket.receive()
            if received["type"] == "websocket.disconnect":
                raise _Gone
            frame, text = received.get("bytes"), received.get("text")
            try:
                if isinstance(text, str):
                    await self._do(messages.read(text))
                elif isinstance(frame, bytes):
                    self._hear(frame)
            except OffhookError as error:
                self.tell({"Is": "wrong", "Message": str(error)})

    def _hear(self, frame: bytes) -> None:
        if len(frame) != FRAME_BYTES:
            raise Cannot(
                f"{len(frame)} bytes are no sound: send 20 ms at a time, which is {FRAME_BYTES} "
                "bytes, 16 bits at 8 kHz"
            )
        self.handset.voice(frame)

    async def _do(self, said: messages.Said) -> None:
        phone, service = self.handset, self._room.service
        match said:
            case messages.Be():
                phone.be(said.number)
            case messages.Dial():
                self._watch(phone.dial(said.to, said.at, said.sip_headers))
            case messages.Answer():
                phone.answer()
            case messages.Decline():
                phone.decline(said.sip_response_code)
            case messages.Press():
                phone.press(said.key)
            case messages.Say():
                await phone.say(said.words)
            case messages.Types():
                phone.types(said.is_typing)
            case messages.HangUp():
                phone.hang_up()
            case messages.PickUp():
                call = call_named(service, said.transaction_id)
                phone.pick_up(call, leg_named(service, call, said.tag))
            case messages.Watch() | messages.Map():
                self._look_at(said)
            case messages.Read():
                phone.reads = said.who
            case messages.Spoken():
                phone.spoken(said.number)
        self.change()

    def _look_at(self, said: messages.Watch | messages.Map) -> None:
        its_id = said.transaction_id
        call = call_named(self._room.service, its_id) if its_id else None
        if isinstance(said, messages.Watch):
            self._watch(call)
        elif call is not None:
            self._room.atlas.ask(call, self._room.change)

    def _watch(self, call: Call | None) -> None:
        self._shown.watch(call)
        self.change()


class _Gone(Exception):
    """The page has."""
