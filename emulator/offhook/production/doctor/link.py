"""One link of a call's way: what is asked for it, and what is said of it."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias, TypeVar, cast

from offhook.production.doctor.account import Account, Answer, NotSeen
from offhook.production.doctor.findings import Finding

SeenT = TypeVar("SeenT")
Known: TypeAlias = dict[str, object]
"""What was answered, or is not seen, by what was asked."""


class Link:
    """Gathers what is found; where nothing is wrong, it is fine."""

    def __init__(self, account: Account, name: str, what: str, region: str, known: Known) -> None:
        """What is `known` is not asked again: links ask much that is the same."""
        self.account = account
        self.region = region
        self.what = what
        self.findings: list[Finding] = []
        self._name, self._known = name, known
        self._fine: list[str] = []

    def ask(
        self, service: str, operation: str, *, region: str = "", **said: object
    ) -> Answer | None:
        """What AWS answers: empty where there is no such thing, None where it may not be seen,
        which is noted. In the link's region, where no other is named."""
        where = region or self.region
        return self._once(
            lambda: self.account.ask(service, operation, region=where, **said),
            f"{(service, operation, where, said)}",
        )

    def each(
        self, service: str, operation: str, key: str, *, region: str = "", **said: object
    ) -> list[Answer] | None:
        """All that is listed; None as for `ask`."""
        where = region or self.region
        return self._once(
            lambda: self.account.each(service, operation, key, region=where, **said),
            f"{(service, operation, where, said, key)}",
        )

    def wrong(self, fault: str, says: str, *change: str) -> None:
        """Something is wrong; `change` is what to type, in the account's region."""
        if self.region != self.account.region:
            change = tuple(_there(one, self.region) for one in change)
        self.findings.append(
            Finding(
                link=self._name,
                what=self.what,
                state="wrong",
                says=says,
                fault=fault,
                change=change,
            )
        )

    def fine(self, says: str) -> None:
        """A part of what is said where nothing is wrong."""
        self._fine.append(says)

    def _once(self, look: Callable[[], SeenT], asked: str) -> SeenT | None:
        if asked not in self._known:
            try:
                self._known[asked] = look()
            except NotSeen as error:
                self._known[asked] = error
        seen = self._known[asked]
        if not isinstance(seen, NotSeen):
            return cast("SeenT", seen)
        found = Finding(
            link=self._name, what=self.what, state="unseen", says=str(seen), needs=seen.needs
        )
        if found not in self.findings:
            self.findings.append(found)
        return None

    def end(self) -> list[Finding]:
        """What was found of this link."""
        if any(found.state == "wrong" for found in self.findings) or not self._fine:
            return self.findings
        fine = Finding(link=self._name, what=self.what, state="fine", says=", ".join(self._fine))
        return [fine, *self.findings]


def _there(command: str, region: str) -> str:
    """A command, and the one in it, for another region than the account's."""
    if " --region " in command or not command.startswith(("aws ", "sam deploy", "offhook ")):
        return command
    there = f" --region {region}"
    return re.sub(r"\$\((aws [^)]*)\)", rf"$(\1{there})", command) + there


class Report:
    """All that is found, link after link."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.findings: list[Finding] = []
        self._known: Known = {}

    @contextmanager
    def link(self, name: str, what: str, region: str = "") -> Generator[Link]:
        """A link; what it has found is in the report when it is left."""
        link = Link(self.account, name, what, region or self.account.region, self._known)
        try:
            yield link
        finally:
            self.findings += [one for one in link.end() if one not in self.findings]
