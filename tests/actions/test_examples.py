"""The examples of the reference are read, and written as they were."""

import json

import pytest

from offhook.actions import Action, Response, UnknownAction
from tests.actions.examples import ACTIONS, ALL, REPLIES, Wire


@pytest.mark.parametrize("wire", ALL.values(), ids=ALL)
def test_an_example_is_written_as_it_was_read(wire: Wire) -> None:
    action = Action.from_wire(wire)
    assert type(action).__name__ == wire["Type"]
    assert action.to_wire() == wire
    assert json.loads(json.dumps(action.to_wire())) == wire


@pytest.mark.parametrize("wire", ALL.values(), ids=ALL)
def test_an_example_that_was_written_is_read_as_the_same_action(wire: Wire) -> None:
    action = Action.from_wire(wire)
    assert Action.from_wire(action.to_wire()) == action


@pytest.mark.parametrize("wire", ALL.values(), ids=ALL)
def test_an_example_has_no_value_that_is_not_documented(wire: Wire) -> None:
    action = Action.from_wire(wire, open_lists=False)
    assert not isinstance(action, UnknownAction)
    assert action.model_extra == {}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_an_example_of_a_reply_is_read_whole(reply: Wire) -> None:
    response = Response.from_wire(reply)
    assert isinstance(response.actions, list)
    assert [action.to_wire() for action in response.actions] == reply["Actions"]
    assert response.attributes == reply.get("TransactionAttributes")


def test_a_reply_that_is_no_reply_is_refused_by_where_it_is_wrong() -> None:
    with pytest.raises(ValueError, match="Actions is a string, not a list"):
        Response.from_wire({"SchemaVersion": "1.0", "Actions": "Speak"})
    with pytest.raises(ValueError, match=r"Actions\[1\] is a string, not an action"):
        Response.from_wire({"Actions": [ACTIONS["Hangup"]["minimal"], "Speak"]})


def test_a_reply_without_actions_is_one_that_changes_nothing() -> None:
    nothing = Response([])
    assert Response.from_wire({"SchemaVersion": "1.0"}) == nothing
    assert Response.from_wire({"SchemaVersion": "1.0", "Actions": None}) == nothing
