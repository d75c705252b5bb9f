"""What a flow imports from `offhook.handler`, and what that costs."""

import json
import re
import subprocess
import sys
from importlib import import_module

import pytest

import offhook.handler
from offhook.handler import errors


def test_dir_lists_what_a_flow_needs() -> None:
    names = dir(offhook.handler)
    assert {"Router", "Reply", "NewInboundCall", "ActionSuccessful", "Fallbacks"} <= set(names)
    for name in names:
        assert getattr(offhook.handler, name) is getattr(offhook.handler, name)


def test_a_name_that_is_not_there_is_answered_with_those_that_are() -> None:
    name = "Ruoter"
    with pytest.raises(AttributeError, match=r"handler has no 'Ruoter': did you mean 'Router'\?"):
        getattr(offhook.handler, name)
    name = "zzz"
    with pytest.raises(AttributeError, match=r"has no 'zzz': known are .*Router"):
        getattr(offhook.handler, name)


@pytest.mark.parametrize(
    ("room", "name", "near"),
    [("actions", "Speek", "Speak"), ("actions", "Digit", "Digits"), ("handler", "Buzy", "Busy")],
)
def test_an_import_of_a_name_that_is_not_there_says_which_is_meant(
    room: str, name: str, near: str
) -> None:
    said = f"offhook.{room} has no '{name}': did you mean '{near}'?"
    with pytest.raises(ImportError, match=re.escape(said)):
        exec(f"from offhook.{room} import {name}", {})
    assert not hasattr(import_module(f"offhook.{room}"), name)


SAYS_WHAT_IS_LOADED = """
import json, sys
told = {}
for code, names in json.load(sys.stdin):
    for known in [name for name in sys.modules if name.startswith(("offhook", *names))]:
        del sys.modules[known]
    exec(code, {})
    told[code] = sorted(set(names) & sys.modules.keys())
print(json.dumps(told))
"""


def test_what_is_imported_from_here_brings_no_more() -> None:
    """Neither boto3 with the errors, nor a router with the events, nor a search for what was
    meant with a module that is there."""
    public = [name for name, one in vars(errors).items() if isinstance(one, type)]
    assert {"Unsettled", "Busy", "KeyTaken", "OutOfPatience", "LedgerNewer"} <= {*public}
    assert {*public} <= {*dir(offhook.handler)}
    brings_not = {
        f"from offhook.handler import {', '.join(public)}": [
            *("boto3", "botocore", "offhook.handler.router"),
        ],
        "from offhook.handler import events, log; from offhook.actions import wire": [
            *("difflib", "offhook.handler.router"),
        ],
        "import offhook.handler.events": ["offhook.handler.reply", "offhook.handler.router"],
    }
    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHAT_IS_LOADED],
        input=json.dumps([*brings_not.items()]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {code: [] for code in brings_not}


def test_each_module_can_be_the_first_that_is_imported() -> None:
    """Whichever a function or a stack trace leads to: none stands on who is imported before it.
    The handler's are in the way of no action: of those none imports the handler."""
    code = (
        "import sys; from importlib import import_module; from pkgutil import walk_packages\n"
        "for place in ('offhook.actions', 'offhook.handler'):\n"
        "    for found in walk_packages(import_module(place).__path__, f'{place}.'):\n"
        "        for known in [name for name in sys.modules if name.startswith(place)]:\n"
        "            del sys.modules[known]\n"
        "        print(import_module(found.name).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) > 70
