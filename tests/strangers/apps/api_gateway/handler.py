"""Written like a function behind API Gateway: the reply is wrapped, and it is text."""

import json


def lambda_handler(event, context):
    actions = []
    if event["InvocationEventType"] == "NEW_INBOUND_CALL":
        actions = [{"Type": "Speak", "Parameters": {"Text": "Hello."}}, {"Type": "Hangup"}]
    return {
        "statusCode": 200,
        "body": json.dumps({"SchemaVersion": "1.0", "Actions": actions}),
    }
