"""A function by `module:function`, for the command line: it does what was written last."""

from tests.emulator.functions import Function, always

_functions: list[Function] = [always()]


def does(function: Function) -> str:
    """What it does from now on; its name."""
    _functions[:] = [function]
    return f"{__name__}:handler"


def handler(event: object, context: object) -> object:
    """As was written."""
    return _functions[0](event, context)
