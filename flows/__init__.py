"""The application: yours to edit. One file is one story that a caller can hear."""
