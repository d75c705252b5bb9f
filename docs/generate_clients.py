"""Makes `docs/clients.md`: which operations pass with which client. `make clients` runs each, and
is red where the page says something else."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from offhook.emulator.server.api.model import MEETINGS, SERVICE, load_model
from offhook.emulator.server.api.operations import find

PAGE = Path(__file__).with_name("clients.md")
REQUIREMENTS = PAGE.parents[1] / "requirements"

TABLE = re.compile(r"(?<=^<!-- The table. -->\n\n)(^\|.*\n)*", re.MULTILINE)


@dataclass(frozen=True)
class Client:
    """A client that no one here wrote."""

    package: str
    services: tuple[str, ...] = (SERVICE, MEETINGS)
    fails: Mapping[str, str] = field(default_factory=dict[str, str])
    """Operations that do not pass, and why: faults of the client."""

    def is_for(self, operation: str) -> bool:
        """Whether it has an operation at all."""
        return load_model().operations[operation].service in self.services


CLIENTS: Final[Mapping[str, Client]] = {
    "AWS CLI": Client("awscli"),
    "JavaScript v3": Client("@aws-sdk/client-chime-sdk-voice"),
    "JavaScript v2": Client(
        "aws-sdk",
        fails={
            f"{verb}VoiceConnectorExternalSystemsConfiguration": "is younger than the SDK"
            for verb in ("Delete", "Get", "Put")
        },
    ),
    "capo": Client("capo-chime-sdk-voice", (SERVICE,)),
}
"""Who asks for every operation that it has."""

CDK: Final = Client("cdk-amazon-chime-resources")
ASKED_BY_CDK: Final = (
    "AssociatePhoneNumbersWithVoiceConnector",
    "CreatePhoneNumberOrder",
    "CreateSipMediaApplication",
    "CreateSipRule",
    "CreateVoiceConnector",
    "DeletePhoneNumber",
    "DeleteSipMediaApplication",
    "DeleteSipRule",
    "DeleteVoiceConnector",
    "DisassociatePhoneNumbersFromVoiceConnector",
    "GetPhoneNumber",
    "GetPhoneNumberOrder",
    "GetSipRule",
    "ListPhoneNumbers",
    "PutSipMediaApplicationLoggingConfiguration",
    "PutVoiceConnectorLoggingConfiguration",
    "PutVoiceConnectorOrigination",
    "PutVoiceConnectorStreamingConfiguration",
    "PutVoiceConnectorTermination",
    "SearchAvailablePhoneNumbers",
    "UpdateSipRule",
)
"""What its Lambda asks for while a stack is created, updated and deleted."""


def page() -> str:
    """The whole page, with the table of today."""
    return TABLE.sub("".join(f"{row}\n" for row in rows()), PAGE.read_text(encoding="utf-8"))


def rows() -> Iterator[str]:
    """A row for each operation, and one that counts."""
    everyone = {**CLIENTS, "CDK": CDK}
    yield f"| | {' | '.join(everyone)} |"
    yield f"|---|{'---|' * len(everyone)}"
    yield f"| version | {' | '.join(_version(client.package) for client in everyone.values())} |"
    operations = sorted(find())
    counts = [
        sum(client.is_for(name) and name not in client.fails for name in operations)
        for client in CLIENTS.values()
    ]
    yield f"| **operations that pass** | {' | '.join(map(str, [*counts, len(ASKED_BY_CDK)]))} |"
    for name in operations:
        cells = [_cell(client, name) for client in CLIENTS.values()]
        cells.append("passes" if name in ASKED_BY_CDK else "")
        yield f"| {name} | {' | '.join(cells)} |"


def _cell(client: Client, operation: str) -> str:
    if not client.is_for(operation):
        return ""
    return client.fails.get(operation, "passes")


def _version(package: str) -> str:
    pinned = json.loads((REQUIREMENTS / "clients/package.json").read_text(encoding="utf-8"))
    if package in pinned["dependencies"]:
        return str(pinned["dependencies"][package])
    lock = (REQUIREMENTS / "clients.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE)
    assert found, f"{package} is not in requirements/clients.txt"
    return found[1]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
