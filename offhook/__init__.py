"""Offhook answers telephone calls from AWS Lambda, and is a telephone service for your desk.

`offhook.actions` is what a call can be told to do, `offhook.handler` is what runs in Lambda, and
`offhook.emulator` stands in for the service. The three are links to the folders of those names.
"""

__version__ = "0.1.0"
