"""Calls that the application makes, and calls that it is asked to look after again."""

from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, limit_exceeded, not_found

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.type_defs import (
        CreateSipMediaApplicationCallRequestTypeDef,
        UpdateSipMediaApplicationCallRequestTypeDef,
    )


def create_sip_media_application_call(
    service: Service, request: "CreateSipMediaApplicationCallRequestTypeDef"
) -> Body:
    """Ring somebody from a number of ours; the application's function says what they hear."""
    # The model documents no NotFoundException here.
    application = service.account.application(request["SipMediaApplicationId"], bad_request)
    from_, to = _e164(request["FromPhoneNumber"]), _e164(request["ToPhoneNumber"])
    if from_ not in service.account.numbers:
        owned = ", ".join(service.account.numbers) or "none"
        raise bad_request(
            f"FromPhoneNumber {from_} is not in the account's inventory. There are: {owned}"
        )
    headers = request.get("SipHeaders", {})
    for name in headers:
        _check_header(name, headers[name])
    if why := service.too_many_calls(1):
        raise limit_exceeded(why)
    call = service.call_out(
        from_,
        to,
        arguments=request.get("ArgumentsMap"),
        sip_headers=headers,
        line=service.account.line(application),
    )
    return _answer(call.transaction_id)


def update_sip_media_application_call(
    service: Service, request: "UpdateSipMediaApplicationCallRequestTypeDef"
) -> Body:
    """Ask the function what to do with a call now."""
    application = service.account.application(request["SipMediaApplicationId"])
    transaction = request["TransactionId"]
    call = service.calls.get(transaction)
    if call is None or call.is_over:
        raise not_found(f"There is no call with the transaction {transaction!r}, or it has ended")
    if call.told.way.sip_media_application_id != application.sip_media_application_id:
        raise not_found(
            f"The call {transaction} is not of SIP media application "
            f"{application.sip_media_application_id}"
        )
    call.update(request["Arguments"])
    return _answer(transaction)


def _answer(transaction_id: str) -> Body:
    return {"SipMediaApplicationCall": {"TransactionId": transaction_id}}


def _e164(number: str) -> str:
    """The pattern lets the `+` be left out."""
    return number if number.startswith("+") else f"+{number}"


FORBIDDEN = ("x-vine", "x-amzn", "x-vc", "x-canary", "x-voice")
"""Prefixes that the service keeps to itself (dg/unexpected-action-fail)."""


def _check_header(name: str, value: str) -> None:
    lower = name.lower()
    if not (lower.startswith("x-") or lower in ("user-to-user", "diversion")):
        raise bad_request(
            f"SipHeaders: {name} cannot be set: names begin with X-, or are User-to-User or "
            "Diversion"
        )
    if lower.startswith(FORBIDDEN):
        raise bad_request(f"SipHeaders: {name}: {', '.join(FORBIDDEN)} are the service's own")
    if len(value) > 2048:
        raise bad_request(f"SipHeaders: {name} has {len(value)} characters, and 2,048 are allowed")
