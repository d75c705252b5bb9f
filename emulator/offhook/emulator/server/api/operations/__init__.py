"""What every operation does, found by its name: `CreateSipRule` is `create_sip_rule`, in the file
of its family. Of a family that is only kept, `KEPT` has what no function has. What is in neither is
not emulated."""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from botocore import xform_name

from offhook.emulator.server.api.model import load_model
from offhook.emulator.service.service import Service

Body: TypeAlias = Mapping[str, object] | None
"""The members of an answer; `None` where there are none."""
Run: TypeAlias = Callable[[Service, Any], Body]


@cache
def find() -> Mapping[str, Run]:
    """Every operation that is emulated, by its name in the model."""
    names = {xform_name(name): name for name in load_model().operations}
    modules = [
        import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    found: dict[str, Run] = {}
    for module in modules:
        written = {
            names[function]: run for function, run in vars(module).items() if function in names
        }
        found |= {**getattr(module, "KEPT", {}), **written}
    return found
