"""Texts of which many are kept, and which are much like one another."""

import zlib

RAW = -15
"""Neither a head nor a sum: what is packed here is unpacked here."""


class Alike:
    """Keeps of each text what tells it from the first one, in few bytes. Equal texts are packed
    alike, so what is packed can be compared."""

    def __init__(self) -> None:
        self._first = b""

    def packed(self, text: str) -> bytes:
        """A text, as what tells it from the first one."""
        data = text.encode(errors="surrogatepass")
        self._first = self._first or data
        packs = zlib.compressobj(1, wbits=RAW, zdict=self._first)
        return packs.compress(data) + packs.flush()

    def text(self, packed: bytes) -> str:
        """The text as it was."""
        data = zlib.decompressobj(RAW, zdict=self._first).decompress(packed)
        return data.decode(errors="surrogatepass")
