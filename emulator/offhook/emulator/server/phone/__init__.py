"""A telephone in a page: a socket for sound and deeds, and what is shown beside it.

One page is one line: `/_offhook/phone/line`. Text frames are JSON, its names in Pascal case: what
the page does (`messages`), and what it is told and shown. Binary frames are 20 ms of sound: samples
of 16 bits at 8 kHz, little-endian, in both directions.
"""
