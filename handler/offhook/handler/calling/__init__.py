"""Behind `offhook.handler.calls` and the trigger: requests, policy, ledger, pace, dialler."""
