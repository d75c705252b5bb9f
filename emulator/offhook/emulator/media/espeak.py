"""espeak-ng reads aloud: the library of the package `espeakng-loader`, an extra of its own."""

import ctypes
import threading
from array import array
from importlib import import_module
from typing import Any, Final

from offhook.emulator.call.audio import Clip
from offhook.emulator.media.pcm import resampled

_SYNCHRONOUS, _UTF8, _SSML = 2, 1, 0x10
_RATE_OF_SPEECH: Final = 1
WORDS_PER_MINUTE: Final = 165
_MEN: Final = frozenset(
    {"Matthew", "Joey", "Justin", "Kevin", "Stephen", "Gregory", "Brian", "Arthur", "Russell"}
    | {"Mathieu", "Remi", "Liam", "Hans", "Daniel", "Giorgio", "Adriano", "Enrique", "Sergio"}
    | {"Miguel", "Andres", "Pedro", "Ricardo", "Thiago", "Cristiano", "Takumi", "Ruben", "Laurent"}
)
"""Of Polly's voices, those of men; all others are women's."""

_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """One for the process: the library says one thing at a time."""

    name = "espeak-ng"

    def __init__(self) -> None:
        """Raises `ImportError` where the extra is not installed, `OSError` where it cannot run."""
        espeakng_loader: Any = import_module("espeakng_loader")  # it carries no types
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self._rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
        if self._rate <= 0:
            raise OSError("espeak-ng does not start")
        self._library.espeak_SetParameter(_RATE_OF_SPEECH, WORDS_PER_MINUTE, 0)
        self._lock = threading.Lock()

    def says(self, clip: Clip) -> bytes:
        """The words, or the SSML, in the nearest that there is to the voice and its language."""
        said = bytearray()

        def hear(samples: int | None, count: int, _events: object) -> int:
            if samples and count > 0:
                said.extend(ctypes.string_at(samples, count * 2))
            return 0

        heard = _Heard(hear)
        text = (clip.ssml or clip.text).encode() + b"\0"
        with self._lock:
            self._library.espeak_SetSynthCallback(heard)
            self._choose(clip)
            flags = _UTF8 | (_SSML if clip.ssml else 0)
            self._library.espeak_Synth(text, len(text), 0, 1, 0, flags, None, None)
        return resampled(array("h", bytes(said)), self._rate).tobytes()

    def _choose(self, clip: Clip) -> None:
        language = clip.language_code.lower() or "en-us"
        kind = "" if clip.voice_id in _MEN else "+f3"
        for name in (language, language.partition("-")[0], "en-us"):
            if self._library.espeak_SetVoiceByName(f"{name}{kind}".encode()) == 0:
                return


def found() -> Espeak | None:
    """The one that is installed."""
    try:
        return Espeak()
    except (ImportError, OSError):
        return None
