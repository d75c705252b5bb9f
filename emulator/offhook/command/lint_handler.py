"""Play every call that a handler can get: `explore`, under its old name."""

from offhook.command.explore import add_arguments, run

__all__ = ["add_arguments", "run"]
