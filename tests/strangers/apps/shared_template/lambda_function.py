"""A response template at module level, filled in for each event and never emptied."""

response = {"SchemaVersion": "1.0", "Actions": [], "TransactionAttributes": {}}

speak = {"Type": "Speak", "Parameters": {"Text": "", "CallId": ""}}
hangup = {"Type": "Hangup", "Parameters": {"SipResponseCode": "0"}}


def lambda_handler(event, context):
    if event["InvocationEventType"] == "NEW_INBOUND_CALL":
        speak["Parameters"]["CallId"] = event["CallDetails"]["Participants"][0]["CallId"]
        speak["Parameters"]["Text"] = "Thank you for calling."
        response["Actions"].append(speak)
        response["Actions"].append(hangup)
        return response
    return {"SchemaVersion": "1.0", "Actions": []}
