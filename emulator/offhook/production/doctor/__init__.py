"""Why a line does not ring: an account is read along a call's way, a file for each part of it."""
