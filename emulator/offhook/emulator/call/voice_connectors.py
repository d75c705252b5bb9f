"""Voice Connectors, and groups of them, that CallAndBridge calls out through."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from offhook.emulator.call.resources import Resource, Resources

CONNECTORS, GROUPS = ("voice-connectors",), ("voice-connector-groups",)

NO_ROUTE: Final = 404
"""How a call is refused that has nowhere to go. Not documented."""


class VoiceConnectors:
    """All of them, as they are kept. Where nobody made one, every ARN and every host is let in: the
    function, or the rule, has it from elsewhere."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    @property
    def hosts(self) -> list[str]:
        """The outbound host names that a rule can have."""
        return [str(each["OutboundHostName"]) for each in self._resources.within(CONNECTORS)]

    def unknown(self, arn: str) -> str:
        """Why there is nothing at an ARN; empty where there is."""
        made = [*self._resources.within(CONNECTORS), *self._resources.within(GROUPS)]
        arns = [str(value) for each in made for name, value in each.items() if name[-3:] == "Arn"]
        if not arns or arn in arns:
            return ""
        return f"there is no Voice Connector, and no group, {arn}: there are {', '.join(arns)}"

    def no_route(self, arn: str) -> str:
        """Why a call through it goes nowhere; empty where it goes somewhere."""
        path = self._resources.of(arn)
        if path is None or any(map(_leads_somewhere, self._originations(path[0], path[-1]))):
            return ""
        return (
            f"{arn} leads nowhere: it has no origination route, or it is disabled. "
            "PutVoiceConnectorOrigination says where your equipment is"
        )

    def _originations(self, collection: str, its_id: str) -> Iterator[Resource | None]:
        ids = [its_id]
        if (collection,) == GROUPS:
            ids = items_of(self._resources.get((*GROUPS, its_id)) or {})
        for each in ids:
            yield self._resources.get((*CONNECTORS, each, "origination"))


def items_of(group: Resource) -> list[str]:
    """The ids of the Voice Connectors of a group."""
    items = cast("Sequence[Mapping[str, str]]", group.get("VoiceConnectorItems", ()))
    return [item["VoiceConnectorId"] for item in items]


def _leads_somewhere(origination: Resource | None) -> bool:
    return bool(origination and origination.get("Routes") and not origination.get("Disabled"))
