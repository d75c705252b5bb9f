"""What a policy allows: a bucket's, a function's, a key's, a role's.

It gives the benefit of the doubt: a condition that it does not know is met where something is
allowed, and not where it is denied.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final, cast
from urllib.parse import unquote

SERVICE: Final = "voiceconnector.chime.amazonaws.com"
"""Who invokes functions, plays prompts and stores recordings."""

Statement = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """Somebody wants to do something."""

    action: str
    resource: str
    principal: str | None = None
    """A service; None where the policy is a role's own, and names nobody."""
    context: Mapping[str, str] = field(default_factory=dict[str, str])
    """What conditions ask for, by its name in lower case."""


def why_not(documents: Sequence[object], request: Request) -> str:
    """Why policies together do not allow a request; empty where they do."""
    meant = [
        one
        for document in documents
        for one in statements(document)
        if _names(one, request.principal)
    ]
    for one in meant:
        denies = one.get("Effect") == "Deny"
        if denies and _fits(one, request) and not any(_unmet(one, request, unknown_is_met=False)):
            return f"a statement denies {request.action}{_sid(one)}"
    allowing = [one for one in meant if one.get("Effect") == "Allow"]
    if not allowing and request.principal:
        return f"no statement names {request.principal}"
    if not (acting := [one for one in allowing if _has(one, "Action", request.action)]):
        return f"no statement allows {request.action}"
    if not (fitting := [one for one in acting if _has(one, "Resource", request.resource)]):
        elsewhere = ", ".join(_words(acting[0].get("Resource")))
        return f"{request.action} is allowed on {elsewhere}, and not on {request.resource}"
    reasons = [next(_unmet(one, request, unknown_is_met=True), "") for one in fitting]
    return "" if "" in reasons else reasons[0]


def conditions(document: object, request: Request) -> set[str]:
    """What the statements that allow a request ask for, in lower case."""
    return {
        key.lower()
        for one in statements(document)
        if one.get("Effect") == "Allow" and _names(one, request.principal) and _fits(one, request)
        for keys in cast("Mapping[str, Mapping[str, object]]", one.get("Condition") or {}).values()
        for key in keys
    }


def statements(document: object) -> list[Statement]:
    """Those of a policy, which may be text."""
    if isinstance(document, str):  # IAM's are quoted as in a URL
        document = json.loads(unquote(document) if document.startswith("%7B") else document)
    found = cast("Mapping[str, Any]", document or {}).get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def _words(said: object) -> list[str]:
    return [said] if isinstance(said, str) else [str(one) for one in cast("list[str]", said or [])]


def _names(statement: Statement, principal: str | None) -> bool:
    if principal is None:
        return True
    if "NotPrincipal" in statement:
        return not _is_one(principal, statement["NotPrincipal"])
    return _is_one(principal, statement.get("Principal"))


def _is_one(principal: str, said: object) -> bool:
    if isinstance(said, Mapping):
        services = cast("Mapping[str, object]", said)
        return principal in _words(services.get("Service")) or "*" in _words(services.get("AWS"))
    return said == "*"


def _fits(statement: Statement, request: Request) -> bool:
    return _has(statement, "Action", request.action) and _has(
        statement, "Resource", request.resource
    )


def _has(statement: Statement, element: str, wanted: str) -> bool:
    is_action = element == "Action"

    def matches(pattern: str) -> bool:
        if is_action:
            return fnmatchcase(wanted.lower(), pattern.lower())
        return fnmatchcase(wanted, pattern)

    if f"Not{element}" in statement:
        return not any(map(matches, _words(statement[f"Not{element}"])))
    return any(map(matches, _words(statement.get(element, "*"))))


def _unmet(statement: Statement, request: Request, *, unknown_is_met: bool) -> Iterator[str]:
    """The conditions that the request does not meet."""
    for operator, keys in cast(
        "Mapping[str, Mapping[str, object]]", statement.get("Condition") or {}
    ).items():
        for key, values in keys.items():
            has = request.context.get(key.lower())
            met = None if has is None else _meets(operator, has, _words(values))
            if met is False or (met is None and not unknown_is_met):
                yield f"it is allowed for {key} {' or '.join(_words(values))}, and not for {has}"


def _meets(operator: str, has: str, values: list[str]) -> bool | None:
    """Whether a value meets a condition; None where nobody knows."""
    match operator.rpartition(":")[2].removesuffix("IfExists"):
        case "StringEquals" | "Bool":
            return has in values
        case "StringLike" | "ArnLike" | "ArnEquals":
            return any(fnmatchcase(has, value) for value in values)
        case "StringNotEquals":
            return has not in values
        case "StringNotLike" | "ArnNotLike" | "ArnNotEquals":
            return not any(fnmatchcase(has, value) for value in values)
        case _:
            return None


def _sid(statement: Statement) -> str:
    return f" ({statement['Sid']})" if statement.get("Sid") else ""
