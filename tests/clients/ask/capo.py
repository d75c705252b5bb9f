"""Asks what a line says with `capo-chime-sdk-voice`, and says what came of it on another. Runs with
the interpreter that has it."""

import json
import sys
from importlib import import_module
from typing import Any

capo: Any = import_module("capo_chime_sdk_voice")
KEYS = {"access_key": "desk", "secret_key": "desk"}

for line in sys.stdin:
    asked = json.loads(line)
    client = capo.ChimeSDKVoiceClient(
        endpoint=asked["endpoint"], region="us-east-1", credentials=KEYS, retry_max_attempts=1
    )
    try:
        answer = getattr(client, asked["method"])(**asked["parameters"])
        said: dict[str, object] = {"answer": answer or {}}
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(said, default=str), flush=True)
