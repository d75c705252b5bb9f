"""cfn-lint's schemas of SIP media applications and Voice Connectors are those that somebody has
read; there is none of a SIP rule yet."""

from docs.aws_models import news, of_cfn_lint


def test_nothing_is_new_in_cfn_lint_s_schemas() -> None:
    assert not (told := news(of_cfn_lint(), "cfn-lint.json")), told
