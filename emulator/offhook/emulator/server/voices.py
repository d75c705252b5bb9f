"""Who reads aloud at a desk: Polly where the configuration says so, then what is installed."""

from collections.abc import Iterator

from offhook.emulator.media import espeak
from offhook.emulator.media.voices import Voice, Voices
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError


def voices_of(desk: Desk) -> Voices:
    """The first reads; where it cannot, the next. Raises `ConfigError` for a profile that cannot be
    used, or where there is nothing to ask Polly with."""
    return Voices(*_found(desk))


def _found(desk: Desk) -> Iterator[Voice]:
    if desk.polly:
        try:  # few desks ask it, and botocore is large
            from offhook.emulator.server.polly import Polly
        except ModuleNotFoundError as error:
            raise ConfigError(
                f'polly = {desk.polly!r} needs {error.name}: pip install "offhook[serve]"'
            ) from None
        yield Polly(desk.polly, desk.region)
    if (voice := espeak.found()) is not None:
        yield voice
