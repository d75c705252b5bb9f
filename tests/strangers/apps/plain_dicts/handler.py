"""A line as many people write it: if and elif on dicts, a file of texts beside it."""

import json
import logging
import os

from phrases import PHRASES

logger = logging.getLogger()
logger.setLevel(logging.INFO)

LANGUAGE = os.environ.get("LANGUAGE", "en")


def lambda_handler(event, context):
    logger.info(json.dumps(event))
    event_type = event["InvocationEventType"]
    actions = []
    if event_type == "NEW_INBOUND_CALL":
        actions = [menu_action(event)]
    elif event_type == "ACTION_SUCCESSFUL":
        if event["ActionData"]["Type"] == "SpeakAndGetDigits":
            digits = event["ActionData"]["ReceivedDigits"]
            if digits == "1":
                actions = [speak_action(event, PHRASES[LANGUAGE]["hours"]), hangup_action(event)]
            elif digits == "2":
                actions = [speak_action(event, PHRASES[LANGUAGE]["address"]), menu_action(event)]
            else:
                actions = [speak_action(event, PHRASES[LANGUAGE]["bye"]), hangup_action(event)]
    elif event_type == "ACTION_FAILED":
        actions = [speak_action(event, PHRASES[LANGUAGE]["bye"]), hangup_action(event)]
    elif event_type == "HANGUP":
        logger.info("call ended")

    return {
        "SchemaVersion": "1.0",
        "Actions": actions,
        "TransactionAttributes": {"lastEvent": event_type},
    }


def menu_action(event):
    return {
        "Type": "SpeakAndGetDigits",
        "Parameters": {
            "CallId": event["CallDetails"]["Participants"][0]["CallId"],
            "InputDigitsRegex": "[0-9]",
            "SpeechParameters": {"Text": PHRASES[LANGUAGE]["menu"]},
            "FailureSpeechParameters": {"Text": PHRASES[LANGUAGE]["sorry"]},
            "MinNumberOfDigits": 1,
            "MaxNumberOfDigits": 1,
            "Repeat": 3,
            "RepeatDurationInMilliseconds": 5000,
        },
    }


def speak_action(event, text):
    return {
        "Type": "Speak",
        "Parameters": {
            "CallId": event["CallDetails"]["Participants"][0]["CallId"],
            "Text": text,
            "VoiceId": "Joanna",
        },
    }


def hangup_action(event):
    return {"Type": "Hangup", "Parameters": {"SipResponseCode": "0", "ParticipantTag": ""}}
