"""What an account owns, as desks of one process have it."""

from offhook.emulator.clock import VirtualLoop
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.service import Service
from offhook.emulator.service.switchboard import rule_id

OURS = "+15550100100"
DESK = Desk(
    sip_media_applications=(
        SipMediaApplication(name="orders", numbers=(OURS,), function="app:handler"),
    )
)


def test_what_one_desk_changes_stays_as_it_was_at_another() -> None:
    loop = VirtualLoop()
    one, other, rule = Service(DESK, loop), Service(DESK, loop), rule_id(OURS, "orders")
    application = one.account.answering(OURS)[0].sip_media_application_id
    one.account.number(OURS).name = "Ada"
    one.account.rule(rule).disabled = True
    one.account.application(application).name = "returns"

    assert one.account.number(OURS).name == "Ada"
    assert one.account.rule(rule).disabled
    assert one.account.application(application).name == "returns"
    third = Service(DESK, loop)
    for desk in (other, third):
        assert desk.account.number(OURS).name != "Ada"
        assert not desk.account.rule(rule).disabled
        assert desk.account.application(application).name == "orders"
    for desk in (one, other, third):
        desk.close()
    loop.close()
