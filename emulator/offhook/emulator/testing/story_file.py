"""A caller's story in a file of its own: a function that takes the phone, as a test does."""

import inspect
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.testing.phone import Phone


def story(name: str) -> Callable[[Phone], object]:
    """The function of `FILE.py:FUNCTION`. Raises `ConfigError`, which says what it must be."""
    path, _, function = name.rpartition(":")
    file = Path(path).resolve()
    if not path.endswith(".py") or not function:
        raise ConfigError(f"--story {name}: write FILE.py:FUNCTION, as in tests/calls.py:rings")
    spec = spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise ConfigError(f"--story {name}: there is no file {file}")
    sys.path[:0] = [str(Path.cwd()), str(file.parent)]
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ConfigError(f"--story {name}: {type(error).__name__}: {error}") from None
    found = getattr(module, function, None)
    if not inspect.isfunction(found):
        known = [n for n, each in vars(module).items() if _is_story(each, module.__name__)]
        raise ConfigError(
            f"--story {name}: it has no function {function}. There are: "
            f"{', '.join(known) or 'none that takes a phone'}"
        )
    if not _is_story(found, module.__name__):
        takes = ", ".join(inspect.signature(found).parameters) or "nothing"
        raise ConfigError(f"--story {name}: a story takes the phone and nothing else, not {takes}")
    if not _is_told(found):
        raise ConfigError(
            f"--story {name}: a story is told at once, as a test: write def in place of async def, "
            "without yield"
        )
    return found


def _is_told(found: Callable[..., object]) -> bool:
    """Whether it does something when it is called."""
    waits = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    return not any(kind(found) for kind in waits)


def _is_story(found: object, module: str) -> bool:
    if not inspect.isfunction(found) or found.__module__ != module:
        return False
    needed = [p for p in inspect.signature(found).parameters.values() if p.default is p.empty]
    return len(needed) == 1
