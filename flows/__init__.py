"""The application: yours to edit. One file is one story that a caller can hear."""

import gc

# Nothing that is loaded is garbage: after each 700 objects Python would look through it again.
gc.set_threshold(20_000)
