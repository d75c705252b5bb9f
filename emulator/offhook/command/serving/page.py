"""The service with a phone in front of it: one address, opened where there is a desktop."""

import os
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC
from importlib.util import find_spec
from pathlib import Path

from offhook.command.arguments import desk_of
from offhook.command.say import complain, say
from offhook.command.serving.api import APP
from offhook.command.telephone.sound import NO_VOICE
from offhook.emulator import threads
from offhook.emulator.server.listening import Server
from offhook.emulator.server.phone.page import PATH
from offhook.emulator.server.reload import follow
from offhook.emulator.service.config import Desk
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.far_ends import NeverAnswers
from offhook.emulator.service.service import Service


def show(options: Namespace) -> int:
    """Serve until Ctrl-C. Raises `PortTaken`, `ConfigError`."""

    def read() -> Desk:
        return desk_of(options, APP)

    async def beside(service: Service) -> None:
        await follow(service, read, lambda text: say(f"offhook: {text}"), Path.cwd())

    def ready(server: Server) -> None:
        server.service.far_ends.setdefault(DEFAULT, NeverAnswers())  # the page answers for them
        address = server.endpoint + PATH
        if options.at is not None:
            address += f"#at={options.at.astimezone(UTC):%Y-%m-%dT%H:%M}"
        say(f"A phone is at {address} (Ctrl-C ends it)")
        if not (server.service.desk.polly or find_spec("espeakng_loader")):
            complain(NO_VOICE)
        if not options.no_open and has_desktop(os.environ):
            threads.run(lambda: webbrowser.open(address))

    Server(read(), beside=beside).run(ready)
    say("Every call has ended.")
    return 0


def has_desktop(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser would be seen: elsewhere one that writes to the terminal could start."""
    if platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
