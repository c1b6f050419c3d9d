"""HeyGen on this machine, for trying things out and for tests: no account, no network, no bill.

    async with Emulator() as emulator:                     # or: python -m heygen_async.emulator --port 8080
        async with HeyGen("any key", base_url=emulator.url) as heygen:
            ...

It is a real HTTP server on a real socket which holds the state of one account. Its videos are real: somebody who does
not exist speaks the script. That needs the extra, ``pip install "heygen-async[emulator]"``; with ``synthetic=2000``
it serves films of 2,000 bytes instead, and needs nothing.

What takes a while at HeyGen takes a while here: videos, trainings, clones. A digital twin waits for consent, until
somebody opens the page that ``heygen.avatars.consent`` names, or a test calls ``emulator.account.consent(group_id)``.
The video agent asks back once where a prompt has a question mark, and shows a storyboard in the mode ``chat``.

Trouble comes on request: ``Emulator(faults=[Fault(ResetAfter(), path="/v3/videos", times=2)])``, and by seed:
``Emulator(faults=Chaos(seed=7))``. Whoever is in another process says ``--faults chaos:7``, and finds more under
``/emulator/``: ``faults`` takes and shows them, ``log`` is every request, ``account`` says what was paid under which
idempotency key (see `backdoor`). HeyGen has no such paths.

What it does not do: nobody's face is moved by a neural network, a cinematic video is a still, motion prompts and
expressiveness change nothing, watermarks are not drawn, how a clip plays is not heeded, a cloned voice sounds like
eSpeak NG, no web site is looked at for a brand kit, a glossary changes only what is heard in videos without captions,
no content is moderated, webhooks and callbacks reach this machine only, and what only v1 and v2 have a word for is not
in the picture.
"""

from heygen_async.emulator.account import Account
from heygen_async.emulator.chaos import Chaos
from heygen_async.emulator.deliveries import Attempt, Deliveries
from heygen_async.emulator.faults import (
    Cut,
    Delayed,
    Doubled,
    Down,
    Expired,
    ExpiresAfter,
    FailRender,
    Fault,
    Faults,
    Forged,
    Garbage,
    GoesBack,
    Hang,
    Lost,
    Mishap,
    NoLink,
    Nothing,
    Overtaken,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
    Slow,
    Stuck,
    WrongLength,
)
from heygen_async.emulator.log import Log, Served
from heygen_async.emulator.media import MissingExtra
from heygen_async.emulator.server import Emulator, serve

__all__ = [
    "Account",
    "Attempt",
    "Chaos",
    "Cut",
    "Delayed",
    "Deliveries",
    "Doubled",
    "Down",
    "Emulator",
    "Expired",
    "ExpiresAfter",
    "FailRender",
    "Fault",
    "Faults",
    "Forged",
    "Garbage",
    "GoesBack",
    "Hang",
    "Log",
    "Lost",
    "Mishap",
    "MissingExtra",
    "NoLink",
    "Nothing",
    "Overtaken",
    "Page",
    "Refuse",
    "RefuseUnder200",
    "ResetAfter",
    "ResetBefore",
    "Served",
    "Slow",
    "Stuck",
    "WrongLength",
    "serve",
]
