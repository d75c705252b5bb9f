"""Another version of a flow is deployed while calls are up, at any moment, and back: nobody is
dropped, nobody sits in silence, and who pressed a key gets what was offered."""

from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from offhook.emulator.call.told import Json
from offhook.emulator.testing import PhoneCall, Voicemail
from offhook.handler import arguments_of
from tests.flows.random_callers import play
from tests.flows.random_stories import Story, stories
from tests.flows.test_reminder import REMINDER
from tests.flows.versions import (
    HERE,
    KEYS,
    MODELS,
    Edit,
    everything,
    one_text,
    source,
    texts,
    version,
    words,
)
from tests.sampled import sampled

FLOWS = {
    number: flow
    for number, flow in {
        "+15550100100": "opening_hours",
        "+15550100101": "reception",
        "+15550100102": "reminder",
        "+15550100103": "waiting_room",
        "+15550100104": "clinic",
    }.items()
    if (HERE / f"{flow}.py").exists()
}
"""The flows by their numbers: those of Offhook's that were not taken away."""

EVERY_STORY = st.one_of(
    *(
        stories(number, arguments_of(REMINDER) if flow == "reminder" else None)
        for number, flow in FLOWS.items()
    )
)
moments = st.integers(0, 10)
often = settings(derandomize=True)


def deployed(
    story: Story, edit: Edit, moment: int, *, back: bool, fails: bool = False
) -> PhoneCall:
    """The story, in the middle of which the edited flow is deployed, or the flow in its place."""
    versions = [version(FLOWS[story.number]), version(FLOWS[story.number], edit)]
    if back:
        versions.reverse()
    return play(story, versions=versions, deployed_after=moment, fails=fails)


def answers(call: PhoneCall) -> list[list[object]]:
    """What was done at each event, whatever was said."""
    return [[action["Type"] for action in _actions(reply)] for reply in call.replies]


def _actions(reply: object) -> list[Json]:
    return cast("Mapping[str, list[Json]]", reply)["Actions"]


@often
@given(EVERY_STORY, st.integers(-1, 20), moments, st.booleans())
def test_other_words_change_nothing_in_a_call(
    story: Story, nth: int, moment: int, back: bool
) -> None:
    people = (story.callee, story.desk, story.colleague)
    assume(not any(isinstance(each, Voicemail) for each in people))  # it hangs up by the clock
    flow = FLOWS[story.number]
    edit = words if nth < 0 else one_text(nth % texts(flow))
    never = play(story, versions=[version(flow, edit if back else None)])
    assert answers(deployed(story, edit, moment, back=back)) == answers(never)


@often
@given(EVERY_STORY, st.sampled_from(KEYS), moments, st.booleans())
def test_other_keys_strand_nobody(story: Story, edit: Edit, moment: int, back: bool) -> None:
    deployed(story, edit, moment, back=back)


@often
@given(EVERY_STORY, st.sampled_from(MODELS), moments, st.booleans())
def test_another_state_strands_nobody(story: Story, edit: Edit, moment: int, back: bool) -> None:
    deployed(story, edit, moment, back=back, fails=True)


@pytest.mark.parametrize("flow", sampled(FLOWS.values(), 2))
def test_the_edits_are_edits(flow: str) -> None:
    for edit in (words, everything, *(one_text(nth) for nth in range(texts(flow)))):
        assert source(flow, edit) != source(flow)
    if "(BaseModel)" in source(flow):
        for edit in MODELS:
            assert source(flow, edit) != source(flow)
