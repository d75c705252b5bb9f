"""What holds for all stories."""

import os

from hypothesis import settings

from offhook.emulator.function.credentials import hold

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("offhook", deadline=None)
settings.load_profile("offhook")

# Whoever runs the tests may have credentials, and may have asked for them elsewhere.
os.environ.pop("OFFHOOK_REAL_AWS", None)
hold("us-east-1", real_aws=False)
