"""Ledgers that are broken on purpose: the schedules must find out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import boto3

from offhook.handler.calling.caps import Cap
from offhook.handler.calling.ledger import Attempt, Ledger
from offhook.handler.calling.service_errors import ServiceFailureException
from tests.schedules.world import World


class DialsWithoutTheRight(Ledger):
    """Whoever reserved a key may dial it, and again when the reservation has run out."""

    def dial(self, attempt: Attempt, *, to: str, caps: Sequence[Cap], most_up: int) -> None:
        """Write nothing down."""


def dials_without_the_right(world: World) -> None:
    """No conditional write before the request."""
    world.make_ledger = DialsWithoutTheRight


def sends_again(world: World) -> None:
    """botocore's own retries, as they are by default."""
    world.voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
        "chime-sdk-voice"
    )


def redials_after_a_500(world: World) -> None:
    """As if it proved that nothing was placed."""
    world.patch.setattr(ServiceFailureException, "is_refusal", True)
    world.patch.setattr(ServiceFailureException, "is_temporary", True)


BROKEN: Final[Mapping[str, Callable[[World], None]]] = {
    breaks.__name__: breaks
    for breaks in (dials_without_the_right, sends_again, redials_after_a_500)
}
