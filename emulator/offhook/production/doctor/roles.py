"""What the role of a function allows it."""

from collections.abc import Sequence

from offhook.production.doctor.account import Answer
from offhook.production.doctor.link import Link
from offhook.production.doctor.policies import Request, why_not


def allow(role: str, name: str, actions: list[str], resource: str) -> str:
    """The command that lets a role do something more."""
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":['
        + ",".join(f'"{action}"' for action in actions)
        + f'],"Resource":"{resource}"}}]}}'
    )
    put = f"aws iam put-role-policy --role-name {role.rpartition('/')[2]} --policy-name {name}"
    return f"{put} --policy-document '{document}'"


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
                allow(role, name, [*actions], resource),
            )
            return False
    return True


def role_policies(link: Link, role: str) -> list[object] | None:
    """All that a role's policies say; None where they are not seen."""
    name = role.rpartition("/")[2]
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
