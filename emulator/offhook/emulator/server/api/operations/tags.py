"""Tags of applications, phone numbers, and of what is only kept."""

from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.phone_numbers import number_arn
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import limit_exceeded, not_found

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t

MOST = 50
"""Tags of one resource."""


def tag_resource(service: Service, request: "t.TagResourceRequestTypeDef") -> Body:
    """Add tags, or change their values."""
    arn = _known(service, request["ResourceARN"])
    tags = dict(service.account.holdings.tags.get(arn, {}))
    tags.update((tag["Key"], tag["Value"]) for tag in request["Tags"])
    if len(tags) > MOST:
        raise limit_exceeded(f"A resource has {MOST} tags at most: this would make {len(tags)}")
    service.account.holdings.tags[arn] = tags
    service.account.changed()
    return None


def untag_resource(service: Service, request: "t.UntagResourceRequestTypeDef") -> Body:
    """Take tags away; those that are not there are no fault."""
    arn = _known(service, request["ResourceARN"])
    tags = service.account.holdings.tags.get(arn, {})
    for key in request["TagKeys"]:
        tags.pop(key, None)
    service.account.changed()
    return None


def list_tags_for_resource(
    service: Service, request: "t.ListTagsForResourceRequestTypeDef"
) -> Body:
    """All tags of a resource."""
    tags = service.account.holdings.tags.get(_known(service, request["ResourceARN"]), {})
    if not tags:
        return {}  # an empty list is shorter than the model allows
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _known(service: Service, arn: str) -> str:
    holdings = service.account.holdings
    known = {app.sip_media_application_arn for app in holdings.applications.values()}
    known |= {number_arn(service.account, number) for number in holdings.numbers.values()}
    if arn not in known and service.resources.of(arn) is None:
        raise not_found(
            f"There is no resource {arn}: applications, phone numbers, meetings, Voice Connectors "
            "and groups of them can be tagged"
        )
    return arn
