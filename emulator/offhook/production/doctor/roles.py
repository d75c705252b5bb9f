"""What the role of a function allows it."""

from collections.abc import Sequence

from offhook.production.doctor.account import Answer
from offhook.production.doctor.link import Link
from offhook.production.doctor.policies import Request, denying, why_not

LAMBDA_ASSUMES = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
    '"Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
)


def allow(
    role: str, name: str, actions: Sequence[str], resource: str, documents: Sequence[object]
) -> Sequence[str]:
    """The command that lets a role do something more, by a policy of its own: whoever puts one
    under a name that there is replaces it. What one of its `documents` denies no other allows:
    those that lead there, then."""
    its_name = f"--role-name {role.rpartition('/')[2]}"
    requests = [Request(action=action, resource=resource) for action in actions]
    if any(denying(document, request) for document in documents for request in requests):
        return [f"aws iam list-{of}-policies {its_name}" for of in ("role", "attached-role")]
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":['
        + ",".join(f'"{action}"' for action in actions)
        + f'],"Resource":"{resource}"}}]}}'
    )
    put = f"aws iam put-role-policy {its_name} --policy-name offhook-doctor-{name}"
    return [f"{put} --policy-document '{document}'"]


def look_for_role(link: Link, fault: str, function: Answer) -> None:
    """Whether the role of a function is there: without it, Lambda does not run the function."""
    role = str(function.get("Role", ""))
    path, _, name = role.partition(":role")[2].rpartition("/")
    if link.ask("iam", "ListRolePolicies", RoleName=name) == {}:
        link.wrong(
            fault,
            f"its role {name} is gone, and it cannot be invoked. A new one may do nothing yet: ask "
            "the doctor again",
            f"aws iam create-role --role-name {name} --path {path}/ "
            f"--assume-role-policy-document '{LAMBDA_ASSUMES}'",
            f"aws lambda update-function-configuration --function-name "
            f"{function.get('FunctionName')} --role {role}",
        )


def look_at_role(
    link: Link, fault: str, function: Answer, name: str, actions: Sequence[str], resource: str
) -> bool:
    """Whether the role of a function may do all of it; True where that is not seen. `name` is that
    of the policy that would say so."""
    role = str(function.get("Role", ""))
    documents = role_policies(link, role)
    for action in actions if documents is not None else ():
        if why := why_not(documents or [], Request(action=action, resource=resource)):
            link.wrong(
                fault,
                f"the role of {function.get('FunctionName')} may not use "
                f"{resource.rpartition(':')[2]}: {why}",
                *allow(role, name, actions, resource, documents or ()),
            )
            return False
    return True


def role_policies(link: Link, role: str) -> list[object] | None:
    """All that a role's policies say; None where they are not seen, or there is no such role."""
    name = role.rpartition("/")[2]
    if link.ask("iam", "ListRolePolicies", RoleName=name) == {}:
        return None
    inline = link.each("iam", "ListRolePolicies", "PolicyNames", RoleName=name)
    attached = link.each("iam", "ListAttachedRolePolicies", "AttachedPolicies", RoleName=name)
    if inline is None or attached is None:
        return None
    found: list[object] = []
    for policy in inline:
        answer = link.ask("iam", "GetRolePolicy", RoleName=name, PolicyName=policy)
        if answer is None:
            return None
        found.append(answer.get("PolicyDocument"))
    for one in attached:
        arn = one["PolicyArn"]
        managed = link.ask("iam", "GetPolicy", PolicyArn=arn)
        if not managed:
            return None
        default = managed["Policy"]["DefaultVersionId"]
        version = link.ask("iam", "GetPolicyVersion", PolicyArn=arn, VersionId=default)
        if not version:
            return None
        found.append(version["PolicyVersion"].get("Document"))
    return found
