"""Offhook's own template: what a new project begins with, and where lines to add come from."""

from importlib.resources import files
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).parents[4]
"""Where this lies in a checkout; of an installed package it means nothing."""


def ours(name: str = "template.yaml") -> str:
    """A file of the repository that a project has too: a package holds it beside the rest."""
    packed = files("offhook.command") / "new_project" / name
    return (packed if packed.is_file() else CHECKOUT / name).read_text(encoding="utf-8")
