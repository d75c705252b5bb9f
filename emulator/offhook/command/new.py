"""Make a project of your own."""

import json
import re
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from importlib.metadata import distribution, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from offhook.command.deployed.our_template import CHECKOUT, ours
from offhook.command.say import say
from offhook.handler.errors import OffhookError

OURS: Final = (
    *("template.yaml", "samconfig.toml", "ship.mk"),
    *("templates/provisioning.yaml", "templates/watching.yaml"),
)
"""What a project has from the repository: packages hold it beside the rest."""
OURS_OUT: Final = ("templates/calling-out.yaml", "templates/watching-calling-out.yaml")
"""The same, of a project that calls out."""
EXAMPLES: Final = (
    *("Numbers", "FlowSettings", "FLOW_NUMBERS", "LINE_NUMBER"),
    *("CLINIC_CONNECTOR", "CLINIC_DESK", "CLINIC_DIRECTORY"),
    *("RECEPTION_DESK", "WORKSHOP_TIMEZONE"),
)
"""What the templates have for the repository's own flows alone: parameters and variables."""


class CannotMake(OffhookError):
    """The name or the place cannot be used."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its folder and its stacks, as in front-desk")
    parser.add_argument(
        "--calling-out",
        action="store_true",
        help="with the stack that starts calls: trigger, URL, queue, dead letters",
    )


def run(options: Namespace) -> int:
    """In a new folder here; it depends on the installed package. Raises `CannotMake`."""
    name: str = options.name
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,99}", name):
        raise CannotMake(
            f"{name!r} is no name for a project and its stack: use small letters, digits and "
            "hyphens, a letter first, as in front-desk"
        )
    folder = Path.cwd() / name
    if folder.exists():
        raise CannotMake(f"{folder} is there already: choose another name, or remove it")
    source = _source()
    calls_out: bool = options.calling_out
    kept = {
        "$calling_out": calls_out,
        "$only_answering": not calls_out,
        "$wheels": source is not None,
    }

    def filled(text: str) -> str:
        for mark, is_wanted in kept.items():
            line = rf"(?m)^(.*?)(?:  #)? {re.escape(mark)}\n"
            text = re.sub(line, r"\1\n" if is_wanted else "", text)
        return text.replace("$name", name).replace("$version", version("offhook"))

    _copy(files("offhook.command") / "new_project", folder, filled)
    for each in (*OURS, *(OURS_OUT if calls_out else ())):
        (folder / each).parent.mkdir(exist_ok=True)
        (folder / each).write_text(_own(ours(each), name, calls_out), encoding="utf-8")
    if source is not None:
        bring(source, folder / "wheels")
    say(f"{name}/ is made. Next:\n\n  cd {name}\n  make call\n  make test")
    return 0


def _copy(source: Traversable, target: Path, filled: Callable[[str], str]) -> None:
    target.mkdir()
    for entry in source.iterdir():
        within = target / entry.name
        if entry.is_dir():
            if entry.name not in ("__pycache__", "templates"):
                _copy(entry, within, filled)
        elif entry.name not in OURS and (text := filled(entry.read_text(encoding="utf-8"))):
            # Packages leave out dotted files.
            own = within.with_name(".gitignore") if entry.name == "gitignore" else within
            own.write_text(text, encoding="utf-8")


def _own(text: str, name: str, calling_out: bool) -> str:
    """A file of the repository as a project has it: under its name, without the examples."""
    for key in EXAMPLES:  # of template.yaml: with the comment above, and what is indented below
        text = re.sub(rf"(?m)(^ *#.*\n)*^( +){key}:.*\n(\2 +.*\n)*", "", text)
    if not calling_out:  # of samconfig.toml
        text = re.sub(r"\n\[calling-out\.(.+\n)+|(?<=prod\.) Calling out is\n.*(?=\n)", "", text)
    return text.replace("offhook-dev", f"{name}-dev").replace("offhook-prod", f"{name}-prod")


def _source() -> str | None:
    """What pip makes our wheel of: this checkout, or what was installed from a file or a
    repository (PEP 610). `None` for what came from an index: there it is found again."""
    if (CHECKOUT / "ship.mk").is_file():
        return str(CHECKOUT)
    origin = json.loads(distribution("offhook").read_text("direct_url.json") or "{}")
    if vcs := origin.get("vcs_info"):
        return f"{vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"
    return str(origin["url"]) if "url" in origin else None


def bring(source: str, wheels: Path) -> None:
    """Our wheel, into a folder. Raises `CannotMake` where none is made.

    What was installed from a wheel's file is that file; a checkout's environment has what builds
    it; else pip gets that, or uv, where there is no pip, as in an environment of uv's.
    """
    file = Path(url2pathname(urlsplit(source).path))
    if file.suffix == ".whl" and file.is_file():
        wheels.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, wheels)
        return
    say("Making the wheel of Offhook for it...")
    command: Sequence[str]
    into, here = str(wheels), None
    if file.is_dir() and find_spec("hatchling"):
        here = file
        command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", into)
    elif not find_spec("pip") and (uv := shutil.which("uv")) and file.exists():
        command = (uv, "build", "-q", "--wheel", "-o", into, str(file))
    else:
        command = (sys.executable, "-m", "pip", "-q", "wheel", "--no-deps", "-w", into, source)
    made = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise CannotMake(
            f"{wheels.parent.name}/ is made, but no wheel of {source}, which it needs:\n"
            f"{made.stderr.strip()}\nMend that, and: pip wheel --no-deps -w {wheels} {source}"
        )
