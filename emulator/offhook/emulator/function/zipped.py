"""Code in a zip file, as Lambda gets it."""

import atexit
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from offhook.emulator.function.function import FunctionNotFound

_unpacked: dict[tuple[Path, int], TemporaryDirectory[str]] = {}
"""By the file and when it was written: the folders are there as long as this process is."""


def unpacked(file: Path) -> Path:
    """A folder with what is in the file. Raises `FunctionNotFound` where it is no zip."""
    key = file, file.stat().st_mtime_ns
    if key not in _unpacked:
        folder = TemporaryDirectory(prefix="offhook-code-", ignore_cleanup_errors=True)
        try:
            with ZipFile(file) as code:
                code.extractall(folder.name)
                for each in code.infolist():
                    if each.external_attr >> 16 & 0o111:  # which is lost otherwise
                        Path(folder.name, each.filename).chmod(0o755)
        except (BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
            folder.cleanup()
            raise FunctionNotFound(f"{file} cannot be unpacked: {error}") from None
        atexit.register(folder.cleanup)
        _unpacked[key] = folder
    return Path(_unpacked[key].name).resolve()
