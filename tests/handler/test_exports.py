"""What a flow imports from `offhook.handler`, and what that costs."""

import subprocess
import sys

import pytest

import offhook.handler


def test_dir_lists_what_a_flow_needs() -> None:
    names = dir(offhook.handler)
    assert {"Router", "Reply", "NewInboundCall", "ActionSuccessful", "Fallbacks"} <= set(names)
    for name in names:
        assert getattr(offhook.handler, name) is getattr(offhook.handler, name)


def test_a_name_that_is_not_there_is_answered_with_those_that_are() -> None:
    name = "Ruoter"
    with pytest.raises(AttributeError, match=r"offhook\.handler has no 'Ruoter': it has .*Router"):
        getattr(offhook.handler, name)


def test_events_are_read_without_a_router() -> None:
    code = (
        "import sys, offhook.handler.events; "
        "print(*{'offhook.handler.reply', 'offhook.handler.router'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
