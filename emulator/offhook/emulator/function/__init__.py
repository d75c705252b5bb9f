"""How a Lambda function is reached: in this process, in one of its own, or over HTTP."""
