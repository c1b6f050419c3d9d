"""The session that requests go through: one for each event loop, closed in the loop that it was made in."""

import asyncio
import sys
import weakref
from collections.abc import AsyncGenerator

import aiohttp

from heygen_async.errors import ClientMisused
from heygen_async.files.blocks import Blocks
from heygen_async.version import __version__

__all__ = ["Connections"]

USER_AGENT = (
    f"heygen-async/{__version__} "
    f"(Python/{sys.version_info.major}.{sys.version_info.minor}; aiohttp/{aiohttp.__version__})"
)


class Connections:
    """One aiohttp session for each event loop that a client is used in, one after the other.

    A session has to be closed in its own loop, and nobody tells us when a loop ends. So the session lives inside
    an asynchronous generator: `asyncio.run` closes those that are still open before it closes the loop, and a
    loop does the same with one that nobody holds any more. A finalizer holds it, so that it outlives the client and
    is not garbage in the same breath. Hence no "Unclosed client session", even where nobody calls `HeyGen.aclose`.
    A session given by the caller is used as it is and never closed.
    """

    def __init__(self, session: aiohttp.ClientSession | None = None) -> None:
        self.blocks = Blocks()
        """What files come into that are fetched through it."""
        self._given = session
        self._session: aiohttp.ClientSession | None = None
        self._life: AsyncGenerator[aiohttp.ClientSession] | None = None
        self._hold: weakref.finalize[..., Connections] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def session(self) -> aiohttp.ClientSession:
        """Return the session of the running loop. Raises `ClientMisused` when there will be none any more."""
        if self._closed:  # also a call that was being repeated when the client was closed ends here
            raise ClientMisused("the client is closed; make another one")
        if self._given is not None:
            if self._given.closed:
                raise ClientMisused("the session that was given to the client is closed")
            return self._given
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            self._let_go()
            self._loop, self._life = loop, _session()
            self._hold = weakref.finalize(self, id, self._life)
            self._session = await anext(self._life)
        return self._session

    async def aclose(self) -> None:
        """Close the running loop's session, for good."""
        life, self._closed = self._life, True
        self._let_go()
        if life is not None and self._loop is asyncio.get_running_loop():
            await life.aclose()

    def _let_go(self) -> None:
        if self._hold is not None:
            self._hold.detach()
        self._life = self._session = self._hold = None


async def _session() -> AsyncGenerator[aiohttp.ClientSession]:
    # How much happens at once is for the scheduler to say, so the pool has no limit of its own.
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT},
        auto_decompress=True,
        requote_redirect_url=False,  # the quoting of a signed link is a part of what was signed
    ) as session:
        session._retry_connection = False  # noqa: SLF001  # how often something is tried is for `Retry` to say
        yield session
