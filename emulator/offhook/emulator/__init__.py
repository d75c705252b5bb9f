"""A stand-in for the service on your desk. Nothing that ships to Lambda imports it."""
