from offhook.emulator.testing import Phone


def test_a_caller_is_greeted_and_let_go(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Hello.")
    call.hears("press 1")
    call.waits(5)
    call.hears("Goodbye.")
    call.ends()


def test_pressing_1_greets_again(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Hello.")
    call.interrupts("1")
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
