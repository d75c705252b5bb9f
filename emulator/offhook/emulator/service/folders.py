"""Folders that stand for buckets."""

from pathlib import Path


def inside(folder: Path, key: str) -> Path:
    """Where the object of a key is: a key may begin with a slash, as any. Raises `OSError` where it
    would be outside, or no file can have the name."""
    names = [name for name in key.split("/") if name]
    if ".." in names:
        raise PermissionError(f"{key} would be outside of {folder}")
    path = folder.joinpath(*names)
    try:
        path.exists()
    except ValueError as error:  # a zero in it, or half a character
        raise OSError(f"no file can be called {key!r}: {error}") from None
    return path
