"""`offhook serve`: what cannot be served is said before anything listens.

About `offhook.command.serving.api`.
"""

import pytest

from tests.command.conftest import Run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--fail", "everything"), "--fail everything: write OPERATION=EXCEPTION, as in "),
        (("--fail", "Dance=ThrottledClientException"), "Dance"),
        (("--from", "+15550199999"), "--from +15550199999: our numbers are +15550100101, +1555"),
        (("--s3", "ftp://here"), "--s3 ftp://here: write `embedded`, `embedded:4566`, "),
        (("--argument", "name"), "'name' has no name and value: write NAME=VALUE"),
        (("--fault", "slow=never"), "slow"),
    ],
)
def test_what_cannot_be_served_is_a_mistake(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    code, printed, complained = run("serve", "--port", "0", *arguments)
    assert (code, printed) == (2, "")
    assert says in complained
