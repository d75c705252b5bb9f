from offhook.emulator.testing import Phone


def test_a_caller_is_greeted_and_let_go(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Hello.")
    call.hears("press 1")
    call.waits(5)
    call.hears("Nothing was pressed.")
    call.hears("press 1")
    call.waits(5)
    call.hears("Nothing was pressed.")
    call.hears("Goodbye.")
    call.ends()


def test_pressing_1_greets_again(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Hello.")
    call.interrupts("1")
    call.hears("Hello.")
    call.hangs_up()
    call.ends()


def test_another_key_is_told_which_there_is(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Hello.")
    call.hears("press 1")
    call.presses("7")
    call.hears("Here is only 1 to press.")
    call.hears("press 1")
    call.presses("1")
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
  # $calling_out
  # $calling_out
def test_whom_we_call_is_greeted_too(phone: Phone) -> None:  # $calling_out
    call = phone.rings("+15550100200")  # $calling_out
    call.answers()  # $calling_out
    call.hears("This line calls you.")  # $calling_out
    call.hangs_up()  # $calling_out
    call.ends()  # $calling_out
