"""The application: one file is one story that a caller can hear."""
