"""With Powertools' APIGatewayRestResolver, which checks the event and the reply by pydantic.

Its event and its answer hold JSON text, so it also reads and writes that.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, cast

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

Resolve: TypeAlias = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

CONTEXT = LambdaContext()

app = APIGatewayRestResolver(enable_validation=True)


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)


class Speech(Wire):
    text: str


class Collected(Wire):
    call_id: str
    speech_parameters: Speech
    failure_speech_parameters: Speech
    max_number_of_digits: int
    repeat: int
    repeat_duration_in_milliseconds: int
    in_between_digits_duration_in_milliseconds: int


class ActionData(Wire):
    type: Literal["SpeakAndGetDigits"]
    parameters: Collected
    received_digits: str


class Participant(Wire):
    call_id: str
    participant_tag: Literal["LEG-A", "LEG-B"]
    to: str
    from_: str = Field(alias="From")
    direction: Literal["Inbound", "Outbound"]
    start_time_in_milliseconds: str
    status: Literal["Connected", "Disconnected"] | None = None


class CallDetails(Wire):
    transaction_id: str
    aws_account_id: str
    aws_region: str
    sip_rule_id: str
    sip_media_application_id: str
    participants: list[Participant]


class ActionSuccessful(Wire):
    schema_version: Literal["1.0"]
    sequence: int
    invocation_event_type: Literal["ACTION_SUCCESSFUL"]
    action_data: ActionData
    call_details: CallDetails


class Speak(Wire):
    type: Literal["Speak"] = "Speak"
    parameters: Speech


class Nothing(Wire):
    pass


class Hangup(Wire):
    type: Literal["Hangup"] = "Hangup"
    parameters: Nothing = Nothing()


class Reply(Wire):
    schema_version: Literal["1.0"] = "1.0"
    actions: list[Speak | Hangup]


def _chosen(event: ActionSuccessful) -> Reply:
    text = f"You pressed {event.action_data.received_digits}. Goodbye."
    return Reply(actions=[Speak(parameters=Speech(text=text)), Hangup()])


app.post("/events")(_chosen)


def invocation(event: Mapping[str, object]) -> Mapping[str, object]:
    """The event as API Gateway delivers it: a POST."""
    return {
        "resource": "/events",
        "path": "/events",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {"Content-Type": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"stage": "prod", "path": "/prod/events", "httpMethod": "POST"},
        "body": json.dumps(event),
        "isBase64Encoded": False,
    }


def answer(event: Mapping[str, object]) -> object:
    return cast("Resolve", app)(cast("dict[str, Any]", event), CONTEXT)


def reply_in(answered: object) -> object:
    """The reply in the body."""
    return json.loads(cast("dict[str, str]", answered)["body"])
