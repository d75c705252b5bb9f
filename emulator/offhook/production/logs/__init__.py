"""Calls that happened: read from the logs of production, made nobody's, looked at."""
