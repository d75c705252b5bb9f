"""SIP media applications, and whether they log SIP messages."""

from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.server.api.pages import page
from offhook.emulator.service.records import Endpoint, SipMediaApplication
from offhook.emulator.service.regions import check_region
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_chime_sdk_voice import type_defs as t


def create_sip_media_application(
    service: Service, request: "t.CreateSipMediaApplicationRequestTypeDef"
) -> Body:
    """Make an application, with one function of its region."""
    account, holdings = service.account, service.account.holdings
    region = request["AwsRegion"]
    check_region(region)
    endpoints = _endpoints(request["Endpoints"], region)
    _check_name(service, request["Name"], None)
    service.gate.count(
        f"SIP media applications in {region}",
        lambda: sum(app.aws_region == region for app in holdings.applications.values()),
        service.gate.quotas.sip_media_applications,
    )
    its_id, now = service.new_id(), account.now()
    application = SipMediaApplication(
        sip_media_application_id=its_id,
        aws_region=region,
        name=request["Name"],
        endpoints=endpoints,
        sip_media_application_arn=account.arn(f"sma/{its_id}"),
        created_timestamp=now,
        updated_timestamp=now,
    )
    holdings.applications[its_id] = application
    tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
    if tags:
        holdings.tags[application.sip_media_application_arn] = tags
    account.changed()
    return {"SipMediaApplication": application.to_wire()}


def get_sip_media_application(
    service: Service, request: "t.GetSipMediaApplicationRequestTypeDef"
) -> Body:
    """Show one application, by id."""
    application = service.account.application(request["SipMediaApplicationId"])
    return {"SipMediaApplication": application.to_wire()}


def list_sip_media_applications(
    service: Service, request: "t.ListSipMediaApplicationsRequestTypeDef"
) -> Body:
    """All applications, oldest first."""
    shown, token = page(
        service.account.holdings.applications.values(),
        lambda app: f"{app.created_timestamp.isoformat()} {app.sip_media_application_id}",
        request.get("NextToken"),
        request.get("MaxResults"),
    )
    wires = [application.to_wire() for application in shown]
    return {"SipMediaApplications": wires, **({"NextToken": token} if token else {})}


def update_sip_media_application(
    service: Service, request: "t.UpdateSipMediaApplicationRequestTypeDef"
) -> Body:
    """Another name, another function: for the calls that begin from now on."""
    application = service.account.application(request["SipMediaApplicationId"])
    if "Name" in request:
        _check_name(service, request["Name"], application)
    if "Endpoints" in request:
        application.endpoints = _endpoints(request["Endpoints"], application.aws_region)
    application.name = request.get("Name", application.name)
    application.updated_timestamp = service.account.now()
    service.account.changed()
    return {"SipMediaApplication": application.to_wire()}


def delete_sip_media_application(
    service: Service, request: "t.DeleteSipMediaApplicationRequestTypeDef"
) -> Body:
    """Delete an application that no rule names."""
    account, holdings = service.account, service.account.holdings
    application = account.application(request["SipMediaApplicationId"])
    its_id = application.sip_media_application_id
    rules = [
        rule.sip_rule_id
        for rule in holdings.rules.values()
        if any(target.SipMediaApplicationId == its_id for target in rule.target_applications)
    ]
    if rules:
        raise conflict(
            f"SIP rules send calls to this application: {', '.join(rules)}. Delete them, or give "
            "them other targets, first"
        )
    del holdings.applications[its_id]
    holdings.message_logs.pop(its_id, None)
    holdings.tags.pop(application.sip_media_application_arn, None)
    account.changed()
    return None


def put_sip_media_application_logging_configuration(
    service: Service, request: "t.PutSipMediaApplicationLoggingConfigurationRequestTypeDef"
) -> Body:
    """Turn the log of SIP messages on or off."""
    application = service.account.application(request["SipMediaApplicationId"])
    configuration = request.get("SipMediaApplicationLoggingConfiguration", {})
    is_on = configuration.get("EnableSipMediaApplicationMessageLogs", False)
    service.account.holdings.message_logs[application.sip_media_application_id] = is_on
    service.account.changed()
    return _logging(is_on)


def get_sip_media_application_logging_configuration(
    service: Service, request: "t.GetSipMediaApplicationLoggingConfigurationRequestTypeDef"
) -> Body:
    """Whether SIP messages are logged."""
    application = service.account.application(request["SipMediaApplicationId"])
    message_logs = service.account.holdings.message_logs
    return _logging(message_logs.get(application.sip_media_application_id, False))


def _logging(is_on: bool) -> Body:
    configuration = {"EnableSipMediaApplicationMessageLogs": is_on}
    return {"SipMediaApplicationLoggingConfiguration": configuration}


def _endpoints(
    endpoints: "Sequence[t.SipMediaApplicationEndpointTypeDef]", region: str
) -> list[Endpoint]:
    """Exactly one, which the model checks; its function must be of the application's region."""
    arn = endpoints[0].get("LambdaArn")
    if not arn:
        raise bad_request("Endpoints: LambdaArn is missing")
    if arn.split(":")[3] != region:
        raise bad_request(
            f"The function {arn} must be in the region of the SIP media application, {region}"
        )
    return [Endpoint(LambdaArn=arn)]


def _check_name(service: Service, name: str, except_for: SipMediaApplication | None) -> None:
    for other in service.account.holdings.applications.values():
        if other.name == name and other is not except_for:
            raise conflict(
                f"There is a SIP media application named {name!r} already: "
                f"{other.sip_media_application_id}"
            )
