"""Amazon Polly itself reads aloud, in the account of a profile that the configuration names.

No other credentials are looked at: a desk whose configuration has no `polly` asks no account.
"""

import os
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound
from botocore.session import Session

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.span import RATE
from offhook.emulator.function import credentials
from offhook.emulator.media.voices import CannotSay
from offhook.emulator.service.config_file import ConfigError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest

SECONDS: Final = 5
"""So long Polly may take to begin; whoever is on the phone waits meanwhile."""
VOICE: Final = "Joanna"
"""Where nobody says another, as for what a person says in words."""
FILES: Final[Mapping[str, tuple[str, str]]] = {
    "config_file": ("AWS_CONFIG_FILE", "~/.aws/config"),
    "credentials_file": ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
}
"""Where profiles are, by the variable that may say so."""


class Polly:
    """One for the desk; in any thread."""

    name = "Amazon Polly"

    def __init__(self, profile: str, region: str) -> None:
        """The region is the profile's, if it has one. Raises `ConfigError` where there is no such
        profile, or it has no credentials."""
        session = Session(profile=profile)
        environment = credentials.theirs()  # functions of this process see another
        for variable, (name, usual) in FILES.items():
            there = environment.get(name, "")
            # Another desk that has started this process has closed it.
            session.set_config_variable(variable, usual if there in ("", os.devnull) else there)
        try:
            region = session.get_scoped_config().get("region") or region
            self._credentials: Any = session.get_credentials()
        except (ProfileNotFound, BotoCoreError) as error:
            raise ConfigError(f"polly = {profile!r}: {error}") from None
        if self._credentials is None:
            raise ConfigError(f"polly = {profile!r}: the profile has no credentials")
        patience = Config(
            connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 2}
        )
        self._client: Any = session.create_client("polly", region_name=region, config=patience)
        self._client.meta.events.register_last("before-sign", self._sign)

    def says(self, clip: Clip) -> bytes:
        """As Speak has it said. Raises `CannotSay`."""
        more = {"LanguageCode": clip.language_code} if clip.language_code else {}
        try:
            answer = self._client.synthesize_speech(
                OutputFormat="pcm",
                SampleRate=str(RATE),
                Text=clip.ssml or clip.text,
                TextType="ssml" if clip.ssml else "text",
                VoiceId=clip.voice_id or VOICE,
                Engine=clip.engine or "standard",
                **more,
            )
            with closing(answer["AudioStream"]) as sound:
                said: bytes = sound.read()
        except (BotoCoreError, ClientError, OSError) as error:
            raise CannotSay(str(error)) from None
        if len(said) < 2:
            raise CannotSay("its answer has no sound")
        return said[: len(said) // 2 * 2]

    def _sign(self, request: "AWSRequest", **_more: object) -> None:
        """With the profile's credentials, also while functions of this process find none."""
        request.context.setdefault("signing", {})["request_credentials"] = self._credentials
