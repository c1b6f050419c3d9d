"""What HeyGen has not: a look behind the scenes over HTTP, for whoever tests from another process. All of it is JSON.

``GET /emulator/faults``
    The faults that are still to happen, how often each kind has happened, and the story of that: see `notation`.
``POST /emulator/faults``
    Adds faults: one, or a list; or a mixture. Answers as the GET does.
``DELETE /emulator/faults``
    Takes all of them back.
``GET /emulator/log``
    The requests to HeyGen's paths, the newest last, how many there were of each operation, and the notes.
    ``method`` and ``path`` are patterns as in a shell.
``GET /emulator/account``
    The wallet, and what was paid: by idempotency key, what was paid without one, and each work with its title, its
    state, its key, its price, and whether that was paid back.

``limit`` says how much of a story or a log is wanted at most: 1000, if it does not. The way in is open, unless the
emulator has an API key of its own: then that one. No fault happens here, and nothing of it is in the log; but while
the emulator is down, only a connection from before leads here.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from aiohttp import web
from attrs import asdict, define

from heygen_async.emulator.notation import read_faults, write_fault, write_happening
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.service import Service
from heygen_async.emulator.wallet import Entry, Wallet
from heygen_async.emulator.works import Work

__all__ = ["BACKDOOR", "Backdoor"]

BACKDOOR = "/emulator/"
"""How the paths begin."""

_SHOWN = 1000

T = TypeVar("T")


@define(eq=False)
class Backdoor:
    """The way in."""

    service: Service

    def routes(self) -> list[web.RouteDef]:
        """Where it is."""
        return [
            web.get("/emulator/faults", self.faults),
            web.post("/emulator/faults", self.add_faults),
            web.delete("/emulator/faults", self.clear_faults),
            web.get("/emulator/log", self.log),
            web.get("/emulator/account", self.account),
        ]

    async def faults(self, http: web.Request) -> web.Response:
        """Show what is still to go wrong, and what has."""
        faults = self.service.faults
        pending = [write_fault(fault) for fault in faults.pending()]
        story = [
            {"method": one.method, "path": one.path, "what": write_happening(one.what)}
            for one in _last(faults.story, _limit(http))
        ]
        counts = dict(faults.counts)
        return await self._answer(lambda: {"faults": pending, "counts": counts, "story": story})

    async def add_faults(self, http: web.Request) -> web.Response:
        """Have more go wrong."""
        try:
            payload = json.loads(await http.read())
        except ValueError as error:
            raise invalid("", f"This is no JSON: {error}") from None
        for fault in read_faults(payload):
            self.service.faults.add(fault)
        return await self.faults(http)

    async def clear_faults(self, http: web.Request) -> web.Response:
        """Have nothing go wrong any more."""
        self.service.faults.clear()
        return await self.faults(http)

    async def log(self, http: web.Request) -> web.Response:
        """Show what was asked for."""
        log, query, limit = self.service.log, http.query, _limit(http)
        served = log.requests(query.get("method", "*"), query.get("path", "*"))
        counts, notes = dict(log.counts), _last(log.notes, limit)
        return await self._answer(
            lambda: {"served": [asdict(one) for one in _last(served, limit)], "counts": counts, "notes": notes}
        )

    async def account(self, _: web.Request) -> web.Response:
        """Show what there is, and what was paid for it."""
        service = self.service
        now, account = service.clock.now(), service.account
        account.advance(now)
        entries: dict[str, list[Entry]] = {}
        for entry in account.wallet.entries:
            entries.setdefault(entry.what, []).append(entry)
        works = [_work(work, entries, now) for work in account.works()]
        books = _books(account.wallet)
        slots = {"cap": account.slots.cap, "running": len(account.slots.running), "waiting": len(account.slots.waiting)}
        return await self._answer(lambda: {**books, "slots": slots, "works": works})

    async def _answer(self, content: Callable[[], Any]) -> web.Response:
        """Write JSON in a thread: it may be long."""
        body = await self.service.threads.run(lambda: json.dumps(content()).encode())
        return web.Response(body=body, content_type="application/json")


def _limit(http: web.Request) -> int:
    word = http.query.get("limit", str(_SHOWN))
    if not word.isdecimal():
        raise invalid("limit", f"limit must be a whole number, not {word!r}")
    return int(word)


def _last(things: Collection[T], most: int) -> list[T]:
    return list(islice(things, max(0, len(things) - most), None))


def _books(wallet: Wallet) -> dict[str, Any]:
    """Say what was paid and what was given back, and for which idempotency key."""
    paid = [entry for entry in wallet.entries if entry.amount > 0]
    keys: dict[str, list[str]] = {}
    for entry in paid:
        if entry.key is not None:
            keys.setdefault(entry.key, []).append(entry.what)
    return {
        "balance": wallet.balance,
        "charged": round(sum(entry.amount for entry in paid), 6),
        "refunded": round(-sum(entry.amount for entry in wallet.entries if entry.amount < 0), 6),
        "payments": len(paid),
        "by_key": keys,
        "without_key": [entry.what for entry in paid if entry.key is None],
    }


def _work(work: Work[Any], entries: Mapping[str, Sequence[Entry]], now: float) -> dict[str, Any]:
    """Show a work."""
    booked = entries.get(work.id, ())
    return {
        "id": work.id,
        "noun": work.noun,
        "title": getattr(work.request, "title", None),
        "status": work.stage(now),
        "cost": work.cost,
        "refunded": any(entry.amount < 0 for entry in booked),
        "idempotency_key": next((entry.key for entry in booked if entry.amount > 0), None),
        "created_at": work.created_at,
    }
