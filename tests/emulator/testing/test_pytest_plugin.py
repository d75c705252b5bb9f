"""The fixture `phone`, as a project's own tests get it from the installed package.

About `offhook.emulator.testing.plugin` and `offhook.emulator.testing.ladders`.
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


def test_a_test_that_fails_leaves_a_picture_of_its_calls(project: pytest.Pytester) -> None:
    broken = STORY.replace("the desk", "nowhere").replace("def test", "def test_not")
    project.makepyfile(test_broken_story=broken)
    folder = project.path / "out" / "ladders"
    came = project.runpytest("-q", "--ladders", "out/ladders", "--junit-xml", "report.xml")
    came.assert_outcomes(passed=1, failed=1)
    (picture,) = folder.iterdir()
    assert picture.name == "test_broken_story.py_test_not_a_caller_is_greeted.svg"
    drawn = picture.read_text("utf-8")
    assert "◀ hears “Hello from the desk.”" in drawn
    assert "▶ hears “Hello from nowhere.”: heard “Hello from the desk.” instead" in drawn
    came.stdout.fnmatch_lines(["*the ladder as a picture*", str(picture)])
    report = (project.path / "report.xml").read_text("utf-8")
    assert f'<property name="ladder" value="{picture}"' in report
    project.makepyfile(test_broken_story=STORY.replace("def test", "def test_not"))
    project.runpytest("-q", "--ladders", "out/ladders").assert_outcomes(passed=2)
    assert [*folder.iterdir()] == []


def test_a_phone_that_a_test_makes_itself_is_drawn_too(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_own=f"""
        from offhook.emulator.testing import Phone

        def test_by_hand():
            with Phone("app_of_{project.path.name}:handler") as phone:
                phone.dials()
            assert False
        """
    )
    project.runpytest("-q", "--ladders", ".", "test_own.py").assert_outcomes(failed=1)
    assert (project.path / "test_own.py_test_by_hand.svg").exists()


def test_a_folder_that_cannot_be_is_said_before_any_test(project: pytest.Pytester) -> None:
    (project.path / "file").touch()
    came = project.runpytest("-q", "--ladders", "file/ladders")
    assert came.ret == pytest.ExitCode.USAGE_ERROR
    came.stderr.fnmatch_lines(["ERROR: --ladders *: nothing can be written there: Not a directory"])
