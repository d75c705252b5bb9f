"""The chime-sdk-voice REST operations, for boto3, the AWS CLI and any SDK."""
