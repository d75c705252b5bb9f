"""The one viewer: ladders and maps of calls, as a page of its own."""
