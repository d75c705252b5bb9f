"""How clips sound: wavs as they are, speech by a voice, or a soft tone as long as the words."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import replace
from typing import Final, Protocol

from offhook.emulator import threads
from offhook.emulator.call.audio import Clip
from offhook.emulator.call.span import RATE
from offhook.emulator.clock import standing_still
from offhook.emulator.media import wav
from offhook.emulator.media.pcm import tone
from offhook.handler.errors import OffhookError

log = logging.getLogger("offhook.media")

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of samples that are kept to be heard again: an hour of them."""
SPEECH_HERTZ, BEEP_HERTZ = 220, 1000


class CannotSay(OffhookError):
    """A voice cannot say something; the message says why."""


class Voice(Protocol):
    """Somebody who reads aloud."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def says(self, clip: Clip) -> bytes:
        """The words of a clip, in samples of 16 bits at 8 kHz. Takes its time, in any thread.
        Raises `CannotSay`, and the next voice says it."""
        ...


class Voices:
    """Gives clips their samples, and keeps those that were heard lately."""

    def __init__(self, *voices: Voice) -> None:
        """The first reads; where it cannot, the next; without any, words are a soft tone of their
        length."""
        self._voices = voices
        self._told: set[str] = set()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self._making: dict[Hashable, asyncio.Future[bytes]] = {}

    @property
    def voice(self) -> Voice | None:
        """Who reads aloud, where anybody does."""
        return next(iter(self._voices), None)

    async def sounding(self, clip: Clip) -> Clip:
        """The clip with its samples, and as long as they are."""
        if clip.sound:
            return clip
        key = _key(clip)
        sound = self._kept.get(key)
        if sound is not None:
            self._kept.move_to_end(key)
        else:
            sound = await self._made_once(key, clip)
            self._keep(key, sound)
        return replace(clip, sound=sound, seconds=round(len(sound) / (2 * RATE), 3))

    async def _made_once(self, key: Hashable, clip: Clip) -> bytes:
        """Whoever wants the same meanwhile waits for it, also when who came first has left."""
        making = self._making.get(key)
        if making is None:
            loop = asyncio.get_running_loop()
            self._making[key] = making = loop.create_future()

            def make() -> None:
                sound = self._made(clip)
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(self._is_made, key, sound)

            threads.run(make)
        with standing_still():
            return await asyncio.shield(making)

    def _is_made(self, key: Hashable, sound: bytes) -> None:
        self._making.pop(key).set_result(sound)

    def _made(self, clip: Clip) -> bytes:
        if clip.path is not None:
            try:
                return wav.samples(clip.path)
            except (OSError, ValueError):  # it has gone since it was looked at
                return tone(BEEP_HERTZ, clip.seconds)
        if not clip.is_speech:
            return tone(BEEP_HERTZ, clip.seconds, 0.2)
        return self._said(clip) or tone(SPEECH_HERTZ, clip.seconds)

    def _said(self, clip: Clip) -> bytes:
        """By the first voice that can; empty where none can."""
        for number, voice in enumerate(self._voices):
            try:
                return voice.says(clip)
            except CannotSay as error:
                others = [other.name for other in self._voices[number + 1 :]]
                self._tell(f"{voice.name} does not speak, {(*others, 'a tone')[0]} does: {error}")
            except Exception:  # a call goes on, whatever a voice is
                log.exception("%s cannot say %s", voice.name, clip)
        return b""

    def _tell(self, why: str) -> None:
        """Once, however many prompts it is about."""
        if why not in self._told:
            self._told.add(why)
            log.warning("%s", why)

    def _keep(self, key: Hashable, sound: bytes) -> None:
        if key not in self._kept:
            self._kept[key] = sound
            self._bytes += len(sound)
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])


def _key(clip: Clip) -> Hashable:
    if clip.path is not None:
        try:
            return clip.path, clip.path.stat().st_mtime_ns
        except OSError:
            return clip.path
    return clip.ssml or clip.text, clip.seconds, clip.voice_id, clip.language_code, clip.engine
