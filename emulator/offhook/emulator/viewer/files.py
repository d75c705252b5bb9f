"""The files of the phone's page, by the names that it asks for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent

FILES: Final[Mapping[str, Path]] = {
    path.name: path
    for path in (
        *sorted((HERE / "phone").iterdir()),
        HERE / "drawing.js",
        HERE / "drawing.css",
    )
}
"""Its own, and what it draws with, as the page of a map does."""
