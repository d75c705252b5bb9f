"""Every path that a caller can take, and what is wrong with a handler on it."""
