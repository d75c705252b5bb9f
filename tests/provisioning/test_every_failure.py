"""Whatever fails, wherever an execution dies: nothing is left over, and nothing is made twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from botocore.session import get_session

from offhook.emulator.faults import Fault
from offhook.emulator.server.listening import Server
from offhook.provisioning.requests import PATIENCE_SECONDS
from tests.provisioning.cloudformation import Answer, CloudFormation, Killed
from tests.provisioning.conftest import OURS, bought, rules
from tests.sampled import sampled

Properties = Mapping[str, object]

KINDS = ("PhoneNumber", "SipRule")
PASSING = {"ServiceFailureException", "ServiceUnavailableException", "ThrottledClientException"}
NOT_READY = {"BadRequestException", "ConflictException", "NotFoundException"}
MAKING = (
    *("CreatePhoneNumberOrder", "CreateSipRule", "ListPhoneNumberOrders", "ListPhoneNumbers"),
    *("ListSipRules", "PutSipMediaApplicationLoggingConfiguration", "SearchAvailablePhoneNumbers"),
)
REMOVING = (
    *("DeletePhoneNumber", "DeleteSipRule", "ListPhoneNumbers", "ListSipRules", "UpdateSipRule"),
)
OF_A_REMOVAL = {"DeletePhoneNumber", "DeleteSipRule", "UpdateSipRule"}
ASKED = {
    "create": {*MAKING},
    "update": {*MAKING, *REMOVING},
    "delete": {*REMOVING},
}
"""What is asked of the service in each turn."""


def errors() -> Iterator[tuple[str, str]]:
    """Each operation that is asked for, and each error that it has in botocore's model."""
    model = get_session().get_service_model("chime-sdk-voice")
    for operation in sorted({name for names in ASKED.values() for name in names}):
        for shape in model.operation_model(operation).error_shapes:
            yield operation, shape.name


@dataclass
class Stack:
    """A stack of a number and a rule, with CloudFormation's order, roll-backs included."""

    stack: CloudFormation
    application: str
    ids: dict[str, str] = field(default_factory=dict[str, str])
    said: dict[str, Properties] = field(default_factory=dict[str, Properties])

    def properties(self, kind: str, search: str) -> Properties:
        """What the template says, with what is made by then."""
        if kind == "PhoneNumber":
            return {"Search": search}
        application = {"SipMediaApplicationId": self.application, "SipMessageLogs": "on"}
        return {"TriggerValue": self.ids["PhoneNumber"], **application}

    def plays(self, turn: str) -> bool:
        """Whether it is created, updated, deleted at the first try."""
        match turn:
            case "create":
                return self.is_created()
            case "update":
                return self.is_updated("US 212")
            case _:
                return self.is_deleted()

    def is_created(self, search: str = "US 206") -> bool:
        """Create it; what fails is rolled back."""
        for kind in KINDS:
            self.said[kind] = self.properties(kind, search)
            made = self.stack.asks("Create", kind, self.said[kind])
            self.ids[kind] = made.physical_id
            if made.status == "FAILED":
                self.is_deleted()
                return False
        return True

    def is_updated(self, search: str) -> bool:
        """Update it; what fails is updated back, then what is not needed any more is deleted."""
        before, ids = dict(self.said), dict(self.ids)
        failed = self._converge(dict.fromkeys(KINDS, search), before)
        is_updated = failed is None
        former = [(kind, ids[kind], before[kind]) for kind in KINDS]
        if not is_updated:
            after = dict(self.said)
            former = [(kind, self.ids[kind], after[kind]) for kind in KINDS]
            for kind in KINDS:
                if self.said[kind] != before[kind] or kind == failed:
                    self._update(kind, before[kind], after[kind])
            self.said = before
        for kind, its_id, said in reversed(former):
            if its_id != self.ids[kind]:
                self._delete(kind, its_id, said)
        return is_updated

    def _converge(
        self, searches: Mapping[str, str], before: Mapping[str, Properties]
    ) -> str | None:
        for kind in KINDS:
            wanted = self.properties(kind, searches[kind])
            if wanted != before[kind]:
                self.said[kind] = wanted
                if self._update(kind, wanted, before[kind]).status == "FAILED":
                    return kind
        return None

    def _update(self, kind: str, wanted: Properties, before: Properties) -> Answer:
        updated = self.stack.asks("Update", kind, wanted, before=before, its_id=self.ids[kind])
        self.ids[kind] = updated.physical_id
        return updated

    def is_deleted(self) -> bool:
        """Delete what there is, the last first."""
        kinds = [kind for kind in reversed(KINDS) if kind in self.ids]
        done = [self._delete(kind, self.ids[kind], self.said[kind]) for kind in kinds]
        return all(done)

    def _delete(self, kind: str, its_id: str, said: Properties) -> bool:
        """What fails is tried again: by CloudFormation when it cleans up, or by who reads why."""
        if self.stack.deletes(kind, its_id, **said).status == "SUCCESS":
            return True
        assert self.stack.deletes(kind, its_id, **said).status == "SUCCESS"
        return False


@pytest.fixture
def line(stack: CloudFormation, application: str) -> Stack:
    """A stack that is not there yet."""
    return Stack(stack, application)


def nothing_is_left(server: Server) -> bool:
    """As it was before: the account's own number, and no rule."""
    return (
        bought(server) == [] and rules(server) == [] and server.service.account.numbers == (OURS,)
    )


def has_one_of_each(server: Server, begins: str) -> bool:
    """One number, and one rule, which is of that number."""
    (number,), (rule,) = bought(server), rules(server)
    return number.startswith(begins) and rule.trigger_value == number and not rule.disabled


def test_a_line_is_made_changed_and_removed(line: Stack, server: Server) -> None:
    assert line.is_created()
    assert has_one_of_each(server, "+1206")
    assert line.is_updated("US 212")
    assert has_one_of_each(server, "+1212")
    assert line.is_deleted()
    assert nothing_is_left(server)
    assert len(server.service.account.holdings.orders) == 2


def test_what_is_asked_of_the_service_is_listed_here(line: Stack) -> None:
    asked: set[str] = set()
    with line.stack.watched(lambda _when, name: asked.add(name)):
        for turn in ("create", "update", "delete"):
            asked.clear()
            assert line.plays(turn)
            assert asked == ASKED[turn]


@pytest.mark.thorough
def test_an_execution_may_die_at_every_step(line: Stack, server: Server) -> None:
    """After each request to the service, one after another, until none is left."""
    line.stack.each = 1  # what dies comes again anyway
    steps, at = 0, 0

    def dies(moment: str, name: str) -> None:
        nonlocal steps
        if moment == "after":
            steps += 1
            if steps == at:
                raise Killed(name)

    deaths = 0
    with line.stack.watched(dies):
        while True:
            steps, at = 0, at + 1
            line.ids.clear()
            assert line.is_created()
            assert has_one_of_each(server, "+1206")
            assert line.is_updated("US 212")
            assert has_one_of_each(server, "+1212")
            assert line.is_deleted()
            assert nothing_is_left(server)
            # Never more than one for each search, though each time an execution died.
            assert len(server.service.account.holdings.orders) == 2
            deaths += steps >= at
            if steps < at:
                break
            _forget(server)
    assert deaths > 30


def _forget(server: Server) -> None:
    """Seven days pass."""
    holdings = server.service.account.holdings
    holdings.orders.clear()
    for said in [n for n, one in holdings.numbers.items() if one.deletion_timestamp]:
        del holdings.numbers[said]


@pytest.mark.parametrize(("operation", "error"), sampled(sorted(errors()), 12))
def test_a_failure_at_every_step_is_told_and_rolled_back(
    line: Stack, server: Server, operation: str, error: str
) -> None:
    line.stack.each = 2 if error == "ForbiddenException" else 1
    for turn in [turn for turn, asked in ASKED.items() if operation in asked]:
        line.ids.clear()
        if turn != "create":
            assert line.is_created()
        heard = len(line.stack.heard)
        server.service.faults.put(Fault(operation, error, 1))
        is_well = line.plays(turn)
        assert not server.service.faults.has(operation)
        told = [each for each in line.stack.heard[heard:] if each.status == "FAILED"]
        assert [each for each in told if f"{operation}: {error[:-9]}:" not in each.reason] == []
        assert told == [] or error not in PASSING
        # What is not ready to go, or has gone meanwhile, is looked for again.
        assert told == [] or not (operation.startswith("Delete") and error in NOT_READY)
        if turn == "create" and not is_well:
            assert told
            assert nothing_is_left(server)
        elif turn != "delete":
            assert has_one_of_each(server, "+1212" if is_well and turn == "update" else "+1206")
            line.is_deleted()
        assert nothing_is_left(server)
        _forget(server)


@pytest.mark.parametrize(
    "operation", sampled(sorted({name for names in ASKED.values() for name in names}), 3)
)
def test_what_takes_too_long_at_any_step_is_told_and_rolled_back(
    line: Stack, server: Server, operation: str
) -> None:
    line.stack.each = 1
    faults = server.service.faults

    def is_late(when: str, name: str) -> None:
        if (when, name) == ("before", operation) and faults.has(operation):
            line.stack.waited = PATIENCE_SECONDS + 1

    for turn in [turn for turn, asked in ASKED.items() if operation in asked]:
        line.ids.clear()
        if turn != "create":
            assert line.is_created()
        heard = len(line.stack.heard)
        faults.put(Fault(operation, "ServiceUnavailableException", 2))
        with line.stack.watched(is_late):
            is_well = line.plays(turn)
        (told,) = [each for each in line.stack.heard[heard:] if each.status == "FAILED"]
        assert f"{operation}: ServiceUnavailable: " in told.reason
        assert told.reason.endswith("it was so for 45 minutes. Try again later")
        if turn == "update":
            # What is not needed any more goes at the next try; the update is done.
            assert has_one_of_each(server, "+1212" if is_well else "+1206")
            assert is_well == (operation in OF_A_REMOVAL)
            assert line.is_deleted()
        assert nothing_is_left(server)
        _forget(server)
