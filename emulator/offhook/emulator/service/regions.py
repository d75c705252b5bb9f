"""Where PSTN Audio is (reference E.7)."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from offhook.emulator.service.service_error import bad_request

REGIONS = (
    "us-east-1",
    "us-west-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
)


def _with_the_service(region: str) -> str:
    if region not in REGIONS:
        raise ValueError(f'"{region}" has no PSTN Audio: write one of {", ".join(REGIONS)}')
    return region


Region: TypeAlias = Annotated[
    str, AfterValidator(_with_the_service), Field(json_schema_extra={"enum": [*REGIONS]})
]
"""One of them, by its name."""


def check_region(region: str) -> None:
    """Raises BadRequestException for a region that does not have the service."""
    if region not in REGIONS:
        raise bad_request(
            f"AwsRegion {region!r} has no PSTN Audio. These have: {', '.join(REGIONS)}"
        )
