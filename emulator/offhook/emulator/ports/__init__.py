"""Ports of this machine that the desk listens on: who may come in, and how long is waited."""
