"""The configuration is read again when its file changes, and prompts when theirs do."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from offhook.emulator.clock import in_thread
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.service import Service

LOOK_EVERY = 0.5
"""Seconds between two looks at the file."""
FILES = ("pyproject.toml", "offhook.toml")


async def follow(
    service: Service, read: Callable[[], Desk], say: Callable[[str], object], folder: Path
) -> None:
    """Reconfigure the service whenever a file of the folder has changed, until cancelled.

    A configuration that cannot be used is told, and the one before stays in force.
    """
    seen = _look(folder)
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if service.s3 is not None:
            await in_thread(service.s3.refresh)
        now = _look(folder)
        if now == seen:
            continue
        seen = now
        try:
            service.reconfigure(read())
        except ConfigError as error:
            say(f"the configuration stays as it was: {error}")
        else:
            say(f"the configuration was read again: {', '.join(service.account.numbers)}")


def _look(folder: Path) -> list[int]:
    """When each file was last written."""
    found: list[int] = []
    for name in FILES:
        try:
            found.append((folder / name).stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return found
