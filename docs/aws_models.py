"""What the emulator and the templates rely on in AWS's own models, as it was when somebody read
it: botocore's of the two services, and cfn-lint's schemas of `AWS::Chime::...`. Tests hold those of
today against it. When one is red: read what has changed, follow it, `python -m docs.aws_models`.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from botocore.loaders import Loader

from offhook.emulator.server.api.model import MEETINGS, SERVICE

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "requirements" / "aws"
SAM: Final = ROOT / ".venv-sam" / "bin" / "python"

Facts: TypeAlias = dict[str, str]
"""What is said, or digests of its form and of its words, by where it is said."""

CFN_LINT = """
import json
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER as schemas
regions = json.loads({regions!r})
types = {{t for region in regions for t in schemas.get_resource_types(region) if t in {types!r}}}
print(json.dumps({{
    "regions": {{t: [r for r in regions if t in schemas.get_resource_types(r)] for t in types}},
    "schemas": {{t: schemas.get_resource_schema("us-east-1", t).schema for t in types}},
}}))
"""
TYPES = ("AWS::Chime::SipMediaApplication", "AWS::Chime::SipRule", "AWS::Chime::VoiceConnector")
"""The second does not exist: it is news when it does."""


def of_botocore(service: str) -> Facts:
    """Every operation and every shape of a service."""
    model = Loader().load_service_model(service, "service-2")
    return {
        f"{kind} {name}": f"form {_digest(_formal(part))}, words {_digest(_words(part))}"
        for kind in ("operations", "shapes")
        for name, part in model[kind].items()
    }


def of_cfn_lint() -> Facts:
    """Every word of the schemas, and the regions that have them. Needs the environment of SAM."""
    asked = CFN_LINT.format(regions=json.dumps(_regions()), types=TYPES)
    done = subprocess.run([SAM, "-c", asked], capture_output=True, text=True, check=True)
    return dict(_leaves("", json.loads(done.stdout)))


def news(now: Facts, file: str) -> str:
    """What has changed, line by line."""
    before: Facts = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    lines = [
        f"{where}:\n  was {before.get(where, 'not there')}\n  is  {now.get(where, 'not there')}"
        for where in sorted(before.keys() | now.keys())
        if before.get(where) != now.get(where)
    ]
    how = "Read it, follow it, then: .venv/bin/python -m docs.aws_models"
    return "\n".join([*lines, how]) if lines else ""


def _regions() -> list[str]:
    enum = Loader().load_service_model(SERVICE, "service-2")["shapes"]["VoiceConnectorAwsRegion"]
    return cast("list[str]", enum["enum"])


def _formal(value: Any) -> Any:
    """A part of the model without what it says in words."""
    if isinstance(value, dict):
        part = cast("Mapping[str, Any]", value).items()
        return {name: _formal(each) for name, each in part if name != "documentation"}
    if isinstance(value, list):
        return list(map(_formal, cast("Sequence[Any]", value)))
    return value


def _words(value: Any) -> Any:
    """What a part of the model says in words."""
    if isinstance(value, dict):
        part = cast("Mapping[str, Any]", value)
        below = [_words(each) for name, each in part.items() if name != "documentation"]
        return [part.get("documentation", ""), *below]
    return ""


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def _leaves(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in cast("Mapping[str, Any]", value).items():
            yield from _leaves(f"{where}/{name}", each)
    elif where.endswith("/description"):
        yield where, _digest(value)
    else:
        yield where, json.dumps(value)


def write(file: str, facts: Facts) -> None:
    """Say that it has been read."""
    text = json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / file).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    for each in (SERVICE, MEETINGS):
        write(f"{each}.json", of_botocore(each))
    write("cfn-lint.json", of_cfn_lint())
