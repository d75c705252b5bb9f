"""Numbers and SIP rules, which CloudFormation has no types for, made and removed by a stack.

It is deployed as a function of its own (`templates/provisioning.yaml`). CloudFormation publishes
each request to a topic, a queue keeps it, and the function takes it from there. What is not done
stays in the queue and is seen again a minute later, whether the service needs time or an execution
died: one mechanism for waiting and for dying, with no state of our own and nothing to clean up.

That is why no library is behind it. crhelper (2.0.12, October 2024) and cfn-handler (1.3.0, May
2026) wait by a rule of EventBridge and a permission of Lambda for each request, with random names:
an execution that dies in between leaves them, and a request that comes twice makes them twice.
"""
