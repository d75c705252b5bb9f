"""What `sam deploy` creates, on this desk: the service, the ledger, the queue and the trigger."""
