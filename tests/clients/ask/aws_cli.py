"""Asks what a line says with the AWS CLI, and says what came of it on another. Runs with the CLI's
interpreter, by the function that `aws` calls: a process for each would take a second."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from typing import Any

create_clidriver: Any = import_module("awscli.clidriver").create_clidriver

for line in sys.stdin:
    asked = json.loads(line)
    command = [asked["service"], asked["command"], "--endpoint-url", asked["endpoint"]]
    command += ["--cli-input-json", json.dumps(asked["parameters"])]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = create_clidriver().main(command)
    text = out.getvalue().strip()
    said = {"answer": json.loads(text or "{}")} if code == 0 else {"error": err.getvalue()}
    sys.__stdout__.write(json.dumps(said) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]
