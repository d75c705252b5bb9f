"""What is there in a real account, read and never written: on first use of boto3 only."""
