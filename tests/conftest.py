"""What holds for all stories."""

import os

from hypothesis import settings

from offhook.emulator.function.credentials import hold

# How long an example takes says how busy the machine is, not whether the code is right. Each run of
# the tests tries others; `make check` tries many.
EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
settings.register_profile("offhook", deadline=None, max_examples=EXAMPLES)
settings.load_profile("offhook")

# Whoever runs the tests may have credentials, and may have asked for them elsewhere.
os.environ.pop("OFFHOOK_REAL_AWS", None)
hold("us-east-1", real_aws=False)
