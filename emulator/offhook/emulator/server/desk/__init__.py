"""The desk by hand, over HTTP: ring our numbers, act for caller and far end, look, break things.

Everything is below `/_offhook`, on the same server as the service's API. Bodies and answers are
JSON; `docs/emulator.md` lists it.
"""
