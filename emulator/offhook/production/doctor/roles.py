"""What the role of a function allows it."""

from offhook.production.doctor.link import Link


def allow(role: str, name: str, actions: list[str], resource: str) -> str:
    """The command that lets a role do something more."""
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":['
        + ",".join(f'"{action}"' for action in actions)
        + f'],"Resource":"{resource}"}}]}}'
    )
    put = f"aws iam put-role-policy --role-name {role.rpartition('/')[2]} --policy-name {name}"
    return f"{put} --policy-document '{document}'"


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
