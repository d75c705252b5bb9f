"""House rules that no linter knows. Each failure names what is missing, and where."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MOST_LINES = 400
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "impl"}
"""Names that say nothing of what is inside."""
DEFINED = re.compile(r"^ *(?:async )?(?:class|def) (\w+)", re.MULTILINE)
"""The name of a class or of a function, also in code that is a text."""

REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("yarnpkg", "com"),
        ("docker", "io"),
        ("ghcr", "io"),
    )
)
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.$}>])/(?:home|root|Users|work)/\w|[A-Z]:\\+Users\\")


def files() -> list[Path]:
    """What is in the repository, or is about to be."""
    if (ROOT / ".git").exists():
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
        found = [ROOT / name for name in done.stdout.split("\0") if name]
    else:  # made by `sam init`: no history yet
        found = [path for path in ROOT.rglob("*") if not _is_made(path.relative_to(ROOT))]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def _is_made(path: Path) -> bool:
    made = {"__pycache__", "build", "dist", "recordings"}
    return any(part in made or part.startswith(".venv") for part in path.parts)


FLOWS = {"__init__", "app", *(page.stem for page in (ROOT / "docs" / "flows").glob("*.md"))}
"""The flows that come with Offhook: each has a page."""


def is_a_users(file: Path) -> bool:
    """Whether a file is another flow, or the test of one: nothing of the house's."""
    match file.relative_to(ROOT).parts:
        case ("flows", *_):
            return file.stem not in FLOWS
        case ("tests", "flows", *_):
            told = tuple(f"test_{name}" for name in {*FLOWS, "pages"})
            return file.stem.startswith("test_") and not file.stem.startswith(told)
        case _:
            return False


FILES = files()
OURS = [file for file in FILES if not is_a_users(file)]
CODE = [file for file in OURS if file.suffix == ".py"]


def tree_of(file: Path) -> ast.Module:
    """A file of Python. Keep what a rule wants of it: all trees together are a million objects,
    among which garbage would be looked for until the last test."""
    return ast.parse(file.read_text(encoding="utf-8"))


def text_files() -> Iterator[tuple[str, str]]:
    for file in OURS:
        try:
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # audio


@pytest.mark.parametrize(
    ("name", "is_theirs"),
    [
        *(("flows/lunch.py", True), ("flows/lunch/utils.py", True), ("flows/app.py", False)),
        *(("tests/flows/test_lunch.py", True), ("tests/flows/test_pages.py", False)),
        *(("tests/flows/conftest.py", False), ("tests/project/test_house.py", False)),
    ],
)
def test_a_flow_that_has_no_page_is_a_user_s_and_is_not_judged(name: str, is_theirs: bool) -> None:
    assert is_a_users(ROOT / name) is is_theirs


def test_no_file_is_two_things() -> None:
    lines = {str(f.relative_to(ROOT)): len(f.read_bytes().splitlines()) for f in CODE}
    long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert long == {}, f"past {MOST_LINES} lines a file is two things: give each its own"


def test_every_name_says_what_it_is() -> None:
    paths = {str(file.relative_to(ROOT)): file.relative_to(ROOT).parts for file in OURS}
    empty = [name for name, parts in paths.items() if _words(" ".join(parts)) & EMPTY_WORDS]
    for file in CODE:
        names = DEFINED.findall(file.read_text(encoding="utf-8"))
        empty += [
            f"{file.relative_to(ROOT)} {name}" for name in names if _words(name) & EMPTY_WORDS
        ]
    assert empty == [], "name each by what it does or is"


def test_no_file_names_a_registry() -> None:
    """Whoever runs this has an index of their own: pip's configuration says which."""
    named = [name for name, text in text_files() if any(host in text for host in REGISTRIES)]
    assert named == [], "leave the host out: pip's or npm's own configuration knows it"


def test_no_file_knows_somebodys_machine() -> None:
    found = {
        name: match[0] for name, text in text_files() if (match := SOMEBODYS_MACHINE.search(text))
    }
    assert found == {}, "write the path from the root of the checkout, or make one in tmp_path"


@pytest.mark.parametrize(
    "file", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda f: f.stem
)
def test_every_requirement_is_pinned_and_hashed(file: Path) -> None:
    entries = re.split(r"\n(?=\S)", file.read_text(encoding="utf-8"))
    entries = [entry for entry in entries if not entry.startswith("#")]
    assert entries, f"{file.name} pins nothing: make lock"
    loose = [entry.split("\n")[0] for entry in entries if not re.match(r"\S+==\S+", entry)]
    assert loose == [], "make lock writes this file, from pyproject.toml"
    unhashed = [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry]
    assert unhashed == [], "make lock writes this file, from pyproject.toml"


def test_the_make_targets_in_the_documentation_exist() -> None:
    missing = [
        f"{file.relative_to(ROOT)}: make {target}"
        for file in OURS
        if file.suffix == ".md"
        for target in re.findall(r"\bmake ([a-z][\w-]*)", _code_in(file))
        if target not in _targets_at(file.parent)
    ]
    assert missing == [], "the Makefile has none of this name"


def _targets_at(folder: Path) -> set[str]:
    """What there is to make here: by the nearest Makefile, a new project's or ours."""
    nearest = next(each for each in (folder, *folder.parents) if (each / "Makefile").exists())
    files = (nearest / "Makefile", *nearest.glob("*.mk"))
    makefile = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(r"^([a-zA-Z][\w-]*):", makefile, re.MULTILINE))


USER_AGENT = "botocore by aws_lambda_powertools.shared.user_agent"
"""Powertools looks for the package alone, which is small, and loads none of its modules."""

WATCH = """
import json, sys

tried = []

class Watch:
    def find_spec(name, path=None, target=None):
        heavy = ("boto3", "botocore", "aws_xray_sdk", "offhook.emulator")
        if name.startswith(tuple(f"{one}." for one in heavy)) or name in heavy:
            frame = sys._getframe(1)
            while frame.f_code.co_filename.startswith("<frozen"):
                frame = frame.f_back
            tried.append(f"{name} by {frame.f_globals['__name__']}")

sys.meta_path.insert(0, Watch)
from flows.app import lambda_handler
with open("events/new_inbound_call/minimal.json") as file:
    reply = lambda_handler(json.load(file), None)
print(json.dumps({"tried": tried, "actions": len(reply["Actions"])}))
"""


@pytest.mark.parametrize("where", [{}, {"AWS_LAMBDA_FUNCTION_NAME": "x"}], ids=["desk", "lambda"])
def test_answering_a_call_loads_no_aws_sdk_and_no_emulator(where: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCH],
        cwd=ROOT,
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    tried = [one for one in found["tried"] if one != USER_AGENT]
    assert tried == [], "import it on first use, in the function that needs it"
    assert found["actions"] > 0


def _words(name: str) -> set[str]:
    """`SpeakAndGetDigits`, `speak_and_get_digits`: speak, and, get, digits."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def _code_in(file: Path) -> str:
    """What a Markdown file shows as code: in backticks, in fences, or indented."""
    text = file.read_text(encoding="utf-8")
    fenced = re.findall(r"^```.*?^```", text, re.DOTALL | re.MULTILINE)
    return "\n".join(
        [*fenced, *re.findall(r"`[^`\n]+`", text), *re.findall(r"^ {4}.*", text, re.MULTILINE)]
    )


def test_nothing_that_ships_draws_from_what_a_snapshot_keeps() -> None:
    """SnapStart copies the state of `random` into all that start from it: ask the system."""
    ships = [
        file for room in ("actions", "handler", "flows") for file in (ROOT / room).rglob("*.py")
    ]
    drawing = re.compile(r"from random import (?!SystemRandom)|\brandom\.(?!SystemRandom)\w+\(")
    found = [str(file) for file in ships if drawing.search(file.read_text(encoding="utf-8"))]
    assert not found, f"{found}: random.SystemRandom, os.urandom or uuid4 draw anew in each"
