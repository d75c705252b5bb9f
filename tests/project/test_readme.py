"""What the README shows works as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_flow_and_its_test_can_be_pasted(tmp_path: Path) -> None:
    flow, story, *_ = SNIPPETS
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "__init__.py").touch()
    (tmp_path / "flows" / "lunch.py").write_text(flow, encoding="utf-8")
    (tmp_path / "test_lunch.py").write_text(story, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_lunch.py"],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_story_with_two_legs_holds(tmp_path: Path) -> None:
    (story,) = (snippet for snippet in SNIPPETS if "def test_a_busy_desk" in snippet)
    test = tmp_path / "test_two_legs.py"
    test.write_text(story, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}", test],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


def test_every_command_shown_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^    make ([a-z]+)", README, re.MULTILINE))
    assert {"call", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


def test_every_file_linked_is_there() -> None:
    for link in re.findall(r"\]\(([a-z][^)#:]*)\)", README):
        assert (ROOT / link).exists(), link
