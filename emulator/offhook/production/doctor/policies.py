"""What a policy allows: a bucket's, a function's, a key's, a role's.

It gives the benefit of the doubt: a condition that it does not know is met where something is
allowed, and not where it is denied. What a request by a service of AWS lacks is known, though: an
operator that says "not" is met by it, any other is not.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final, cast
from urllib.parse import unquote

SERVICE: Final = "voiceconnector.chime.amazonaws.com"
"""Who invokes functions, plays prompts and stores recordings."""

BY_A_SERVICE: Final[Mapping[str, str | None]] = {
    "aws:principalisawsservice": "true",
    "aws:principalservicename": SERVICE,
    **dict.fromkeys(
        ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
         "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "aws:username", "aws:vpcsourceip",
         "lambda:functionurlauthtype", "lambda:invokedviafunctionurl")
    ),
}  # fmt: skip
"""What a request of the service has, and, as None, what it never has."""

Statement = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """Somebody wants to do something."""

    action: str
    resource: str
    principal: str | None = None
    """A service; None where the policy is a role's own, and names nobody."""
    context: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    """What conditions ask for, by its name in lower case; None is what it is known to lack."""


def why_not(documents: Sequence[object], request: Request) -> str:
    """Why policies together do not allow a request; empty where they do."""
    meant = [
        one
        for document in documents
        for one in statements(document)
        if _names(one, request.principal)
    ]
    for one in (one for document in documents for one in denying(document, request)):
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


def denying(document: object, request: Request) -> list[Statement]:
    """The statements that deny a request."""
    return [
        one
        for one in statements(document)
        if one.get("Effect") == "Deny"
        and _names(one, request.principal)
        and _fits(one, request)
        and not any(_unmet(one, request, unknown_is_met=False))
    ]


def unconditional(document: object, request: Request, *keys: str) -> list[Statement]:
    """The statements that allow a request and ask for none of the keys, in lower case."""
    return [
        one
        for one in statements(document)
        if one.get("Effect") == "Allow"
        and _names(one, request.principal)
        and _fits(one, request)
        and not any(_unmet(one, request, unknown_is_met=True))
        and not {key.lower() for _, key, _ in _conditions(one)} & {*keys}
    ]


def statements(document: object) -> list[Statement]:
    """Those of a policy, which may be text."""
    if isinstance(document, str):  # IAM's are quoted as in a URL
        document = json.loads(unquote(document) if document.startswith("%7B") else document)
    found = cast("Mapping[str, Any]", document or {}).get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def _words(said: object) -> list[str]:
    many = cast("list[object]", said) if isinstance(said, list) else [said]
    return [one if isinstance(one, str) else json.dumps(one) for one in many if one is not None]


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


def _conditions(statement: Statement) -> Iterator[tuple[str, str, list[str]]]:
    """Operator, key, and the values that meet it."""
    said = cast("Mapping[str, Mapping[str, object]]", statement.get("Condition") or {})
    for operator, keys in said.items():
        for key, values in keys.items():
            yield operator, key, _words(values)


def _unmet(statement: Statement, request: Request, *, unknown_is_met: bool) -> Iterator[str]:
    """The conditions that the request does not meet."""
    for operator, key, values in _conditions(statement):
        is_known = key.lower() in request.context
        has = request.context.get(key.lower())
        met = _meets(operator, has, values) if is_known else None
        if met is False or (met is None and not unknown_is_met):
            wanted = f"{key} {' or '.join(values)}"
            yield f"it is allowed for {wanted}, and not for {has or 'a service, which has none'}"


def _meets(operator: str, has: str | None, values: list[str]) -> bool | None:
    """Whether a value, or that there is none, meets a condition; None where nobody knows."""
    name = operator.rpartition(":")[2]
    plain = name.removesuffix("IfExists")
    if plain == "Null":
        return ("true" if has is None else "false") in values
    if has is None:
        return name != plain or "Not" in plain
    match plain:
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
