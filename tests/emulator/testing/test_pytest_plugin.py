"""The fixture `phone`, as a project's own tests get it from the installed package.

About `offhook.emulator.testing.plugin`.
"""

import sys

import pytest

pytest_plugins = ["pytester"]

APP = """
def handler(event, context):
    text = {"Text": "Hello from %s."}
    actions = [{"Type": "Speak", "Parameters": text}, {"Type": "Hangup"}]
    return {"SchemaVersion": "1.0", "Actions": actions}
"""
STORY = """
def test_a_caller_is_greeted(phone):
    call = phone.dials()
    call.hears("Hello from the desk.")
    call.ends()
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of one's own: two functions, the desk, a story."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    module = f"app_of_{pytester.path.name}"
    pytester.makepyfile(**{module: APP % "the desk", f"other_{module}": APP % "another"})
    pytester.makepyprojecttoml(
        "[[tool.offhook.sip_media_applications]]\n"
        f'numbers = ["+15550100100"]\nfunction = "{module}:handler"\n'
    )
    pytester.makepyfile(test_story=STORY)
    return pytester


def test_the_fixture_reads_the_desk_and_a_failure_shows_the_story_alone(
    project: pytest.Pytester,
) -> None:
    broken = STORY.replace("the desk", "nowhere").replace("def test", "def test_not")
    project.makepyfile(test_broken_story=broken)
    came = project.runpytest("-q")
    came.assert_outcomes(passed=1, failed=1)
    came.stdout.fnmatch_lines(
        [
            ">*call.hears(*nowhere*",
            "*hears “Hello from nowhere.”: heard “Hello from the desk.” instead",
            "*0.000  LEG-A  hears “Hello from the desk.”*",
            "*▶ hears “Hello from nowhere.”: heard “Hello from the desk.” instead",
        ]
    )
    came.stdout.no_fnmatch_line("*people.py*")


def test_a_handler_can_be_named_instead(project: pytest.Pytester) -> None:
    project.makepyfile(test_story=STORY.replace("the desk", "another"))
    named = f"other_app_of_{project.path.name}:handler"
    project.runpytest("-q", f"--handler={named}").assert_outcomes(passed=1)
