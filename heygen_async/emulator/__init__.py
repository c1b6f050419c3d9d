"""HeyGen on this machine, for trying things out and for tests: no account, no network, no bill.

    async with Emulator() as emulator:                     # or: python -m heygen_async.emulator --port 8080
        async with HeyGen("any key", base_url=emulator.url) as heygen:
            ...

It is a real HTTP server on a real socket which holds the state of one account. Its videos are real: somebody who does
not exist speaks the script. That needs the extra, ``pip install "heygen-async[emulator]"``; with ``synthetic=2000``
it serves films of 2,000 bytes instead, and needs nothing.

What it does not do: nobody's face is moved by a neural network, a cinematic video is a still, motion prompts and
expressiveness change nothing, watermarks are not drawn, how a clip plays is not heeded, nobody has to consent, no
content is moderated, callbacks are not called, and folders and glossaries are taken as they come.
"""

from heygen_async.emulator.account import Account
from heygen_async.emulator.faults import (
    Cut,
    Expired,
    FailRender,
    Fault,
    Faults,
    Garbage,
    Hang,
    NoLink,
    Nothing,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
    Stuck,
    WrongLength,
)
from heygen_async.emulator.log import Log, Served
from heygen_async.emulator.media import MissingExtra
from heygen_async.emulator.server import Emulator, serve

__all__ = [
    "Account",
    "Cut",
    "Emulator",
    "Expired",
    "FailRender",
    "Fault",
    "Faults",
    "Garbage",
    "Hang",
    "Log",
    "MissingExtra",
    "NoLink",
    "Nothing",
    "Page",
    "Refuse",
    "RefuseUnder200",
    "ResetAfter",
    "ResetBefore",
    "Served",
    "Stuck",
    "WrongLength",
    "serve",
]
