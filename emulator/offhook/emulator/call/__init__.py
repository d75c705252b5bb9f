"""The life of one call: legs, the action list, what is told and heard. No sockets, no files."""
