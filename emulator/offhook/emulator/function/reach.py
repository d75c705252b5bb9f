"""The function behind a name."""

from pathlib import Path

from offhook.emulator.function.function import Function, FunctionNotFound, Limits
from offhook.emulator.function.names import NODE_FILES, TEMPLATES, URLS, called


def reach(name: str, limits: Limits | None = None, *, cold: bool = False) -> Function:
    """The function behind a name, by the name's shape. Raises `FunctionNotFound`.

    - `module:function`: in this process; `cold` imports it afresh
    - `../app/handler.py:function`: a Python file, in an interpreter of its own
    - `../app/index.js:handler` (or `.mjs`, `.cjs`): a Node file, in a process of its own
    - `command: ./bootstrap ...`: any command that speaks the Lambda Runtime API
    - `http://host:port` or `http://host:port/2015-03-31/functions/NAME/invocations`: a URL that
      speaks the Lambda Invoke API
    - `template.yaml:CallFunction`: what a template of SAM or CloudFormation says of it
    """
    limits = limits or Limits()
    if name.startswith(URLS):
        from offhook.emulator.function.invoke_api import InvokeApi

        return InvokeApi(name, limits)
    if name.startswith("command:"):
        from offhook.emulator.function.command import of_command

        return of_command(name, limits)
    if name.startswith("arn:"):
        raise FunctionNotFound(
            f"nothing here stands for {name}: write into [tool.offhook.functions] "
            f'{called(name)} = "module:function", or any other name of a function'
        )
    path = name.rpartition(":")[0] or name
    if path.endswith(TEMPLATES):
        from offhook.emulator.function.template import of_template

        return of_template(name, limits)
    if path.endswith(NODE_FILES):
        from offhook.emulator.function.node import of_node_file

        return of_node_file(name, limits)
    if path.endswith(".py"):
        from offhook.emulator.function.python_file import of_python_file

        return of_python_file(name, limits)
    _check_spelling(name)
    from offhook.emulator.function.in_process import load

    return load(name, limits, cold=cold)


def beside(name: str, other: str, limits: Limits) -> str | None:
    """The name of another function of the template that a function is from. Raises
    `FunctionNotFound`."""
    from offhook.emulator.function.template import Template

    file = name.rpartition(":")[0]
    found = Template(Path(file).expanduser().resolve(), limits).function(other)
    return f"{file}:{found}" if found else None


def _check_spelling(name: str) -> None:
    """Raises `FunctionNotFound` for `index.handler`, which is how Lambda writes it."""
    stem, _, attribute = name.rpartition(".")
    for suffix in (".py", *NODE_FILES[:3]):
        for file in (f"{stem}{suffix}", f"{stem.replace('.', '/')}{suffix}"):
            if stem and ":" not in name and Path(file).is_file():
                raise FunctionNotFound(
                    f"{name!r} is how Lambda writes it: write {file}:{attribute}"
                )
