"""`--sound`: the voice and the player of a call at the terminal."""

from collections.abc import Callable
from functools import cache

from offhook.command.say import complain
from offhook.emulator.call.media import Media
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.media import player
from offhook.emulator.media.player import PlayedMedia
from offhook.emulator.server.voices import voices_of
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError

NO_PLAYER = (
    "--sound finds no player on the PATH: install aplay (Debian: apt install alsa-utils) or paplay "
    "(pulseaudio-utils); macOS has afplay"
)
NO_VOICE = 'there is no voice, so words are a soft tone: pip install "offhook[speech]"'


def media(desk: Desk, *, wanted: bool) -> Callable[[], Media]:
    """What legs are made of. Raises `ConfigError` where nothing could be heard."""
    if not wanted:
        return SilentMedia
    chosen = player.found()
    if chosen is None:
        raise ConfigError(NO_PLAYER)
    voices = voices_of(desk)
    if voices.voice is None:
        complain(NO_VOICE)
    complain_once = cache(complain)
    return lambda: PlayedMedia(chosen, voices, complain_once)
