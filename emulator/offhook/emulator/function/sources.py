"""The files that a function is made of: whether its code has changed since it was started."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

CODE = (".py", ".js", ".mjs", ".cjs", ".json", ".rb", ".sh", ".jar", ".dll", ".yaml", ".yml")
"""What is looked at in a folder."""
LEFT_OUT = {"node_modules", "__pycache__", "site-packages", "recordings", "prompts", "tests"}
"""Folders that are not, beside those whose names begin with a dot."""

Sources: TypeAlias = Mapping[Path, int]
"""When each file was last written, in nanoseconds."""


@runtime_checkable
class Changeable(Protocol):
    """A function whose code is on this machine."""

    def sources(self) -> Sources:
        """Its files, as they are now."""
        ...


def of_folder(folder: Path) -> Sources:
    """The code in a folder, and below it."""
    return stamped(_files(folder))


def of_this_process() -> Sources:
    """The modules of the application that is here."""
    return stamped(path for _, path in application())


def stamped(files: Iterable[Path]) -> Sources:
    """These files, as they are now."""
    return {path: _written(path) for path in files}


def application() -> Iterator[tuple[str, Path]]:
    """The modules of the current folder that are imported, and their files: not Offhook's (its
    classes are known by identity), not tests, and nothing that was installed."""
    here = os.path.join(Path.cwd(), "")  # noqa: PTH118 - of a thousand modules, few become a Path
    tests = os.path.join(here, "tests", "")  # noqa: PTH118
    installed = os.path.join(os.sep, "site-packages", "")  # noqa: PTH118
    others = _others(here)
    for name, module in list(sys.modules.items()):
        if others.get(name) is module:
            continue
        file = getattr(module, "__file__", None) or ""
        is_here = file.startswith(here) and installed not in file and not file.startswith(tests)
        if is_here and name.partition(".")[0] not in ("offhook", "__main__"):
            yield name, Path(file)
        else:
            others[name] = module


@lru_cache(1)
def _others(here: str) -> dict[str, object]:
    """The modules that were seen, and are none of a folder's: nearly all are."""
    del here
    return {}


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name not in LEFT_OUT]
        yield from (Path(place, name) for name in names if name.endswith(CODE))


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # it is gone: that is a change too
        return 0
