"""How each action is performed: one file per action, found by the action's name."""

from functools import cache
from importlib import import_module
from typing import cast

from offhook.actions.base import Action, snake_case
from offhook.emulator.call.behaviour import Behaviour


@cache
def find(action: type[Action[object]]) -> Behaviour[Action[object]] | None:
    """The behaviour of an action; `None` where there is none yet."""
    name = snake_case(action.type_name())
    try:
        module = import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"{__name__}.{name}":
            return None
        raise
    return cast("Behaviour[Action[object]]", getattr(module, name))
