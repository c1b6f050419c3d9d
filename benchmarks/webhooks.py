"""Webhooks: what a video costs in reads, how soon an await ends, and whether a storm of deliveries is survived.

1. 500 videos, ten at once, through the emulator: at most 1.1 reads a video, and less than 50 ms of real time
   between a video's completion and the end of its await. Two hundred more with every third delivery lost: all end.
2. 2,000 signed events a second for ten seconds, from one process to another: what of the same server's bare handler,
   which reads the body and answers 200, does the receiver reach, that checks each event and tells the job it is about;
   with aiohttp's server, then for half as long with uvicorn if that is there (pip install "heygen-async[fastapi]").

    python benchmarks/webhooks.py
    python benchmarks/webhooks.py --quick     100 videos, and two seconds of 500 a second
    python benchmarks/webhooks.py --handler   the storm with a handler of the user's own, which is a task for each event
"""

import argparse
import asyncio
import importlib.util
import json
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from attrs import define, evolve, field
from marks import Mark, release, settle

from heygen_async import AvatarVideo, Event, HeyGen, Options, Receiver, ScaledClock, Secret, SecretMemory
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Fault, Lost
from heygen_async.webhooks.webhook import sign

SPEED = 600
AT_ONCE = 10
LOOK = "Anna_public_3_20240108"
SECRET = Secret("whsec_benchmark")
CONNECTIONS = 32
CORE = 2**20
REASON = "in place, caches cold: HMAC 10 µs, JSON 13, the event 17, checks 14, telling and remembering 25; hot, a third"


# The videos.


@asynccontextmanager
async def reached(receiver: Receiver) -> AsyncIterator[str]:
    """Serve a receiver on this machine."""
    app = web.Application()
    app.add_routes(receiver.routes("/heygen"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}/heygen".format(*runner.addresses[0])
    finally:
        await runner.cleanup()


async def videos(count: int, *, lossy: bool) -> tuple[list[Mark], dict[str, bool]]:
    """Make them, and print the figures."""
    clock, store, options = ScaledClock(SPEED), SecretMemory(), Options()
    options = evolve(options, limits=evolve(options.limits, renders=AT_ONCE))
    completed: dict[str, float] = {}
    waited: list[float] = []

    async def one(heygen: HeyGen) -> None:
        job = await heygen.videos.create(AvatarVideo(avatar_id=LOOK, script="Hello"))
        await job
        waited.append(time.perf_counter() - completed[job.id])

    async with (
        Emulator(clock=clock, synthetic=2000, balance=1e6) as emulator,
        HeyGen("any", base_url=emulator.url, clock=clock, options=options) as heygen,
        reached(heygen.receiver(store=store)) as url,
    ):
        emulator.account.on_end.append(lambda work: completed.setdefault(work.id, time.perf_counter()))
        await heygen.webhooks.ensure(url, store=store)
        if lossy:
            emulator.faults.add(Fault(Lost(), path="/heygen", every=3))
        began = time.perf_counter()
        await asyncio.gather(*(one(heygen) for _ in range(count)))
        seconds = time.perf_counter() - began
        reads = len(emulator.log.requests("GET", "/v3/videos*"))
        statuses = len(emulator.log.requests("GET", "/v3/videos/statuses"))
    ended = len(waited) == count
    figures = {
        "videos": f"{count}{', every third delivery lost' if lossy else ''}",
        "reads": f"{reads}, {statuses} of them statuses",
        "reads a video": f"{reads / count:.3f}",
        "completion to await": f"{statistics.mean(waited) * 1000:.1f} ms on average, median "
        f"{statistics.median(waited) * 1000:.1f}, worst {max(waited) * 1000:.0f}",
        "wall seconds": f"{seconds:.1f}",
    }
    report(figures)
    asked = Mark("Reads a video when HeyGen calls", reads / count, {}, reads / count, 1.1)
    soon = Mark("From completion to the end of its await, when HeyGen calls", statistics.mean(waited), {}, 0, 0.05)
    marks = [] if lossy else [asked, evolve(soon, ratio=soon.ours, unit="s", reason="the mark is in seconds")]
    return marks, {f"every job has ended{', every third delivery lost' if lossy else ''}": ended}


def report(figures: dict[str, str]) -> None:
    """Print figures."""
    for name, figure in figures.items():
        print(f"{name:>24}  {figure}")
    print()


# The storm.


@define
class Storm:
    """What came of one storm, as the sender saw it."""

    offered: int = 0
    statuses: Counter[str] = field(factory=Counter)
    latencies: list[float] = field(factory=list)
    seconds: float = 0.0


@define
class Side:
    """One of the two paths, and what its turns have shown."""

    path: str
    seen: list[Storm] = field(factory=list)
    costs: list[float] = field(factory=list)
    """Processor time of each turn, in seconds."""

    memory: list[float] = field(factory=list)

    @property
    def cost(self) -> float:
        """Processor time of one event, in seconds."""
        return statistics.median(cost / seen.offered for cost, seen in zip(self.costs, self.seen, strict=True))

    @property
    def errors(self) -> int:
        """How many were not answered with 200."""
        return sum(seen.offered - seen.statuses["200"] for seen in self.seen)

    @property
    def grown(self) -> float:
        """By how many megabytes the server grew between the first turn and the last."""
        return (self.memory[-1] - self.memory[0]) / CORE

    def figures(self) -> str:
        """Say it in a line."""
        late = sorted(each for seen in self.seen for each in seen.latencies)
        offered, seconds = sum(seen.offered for seen in self.seen), sum(seen.seconds for seen in self.seen)
        return (
            f"{offered / seconds:,.0f} a second, {self.cost * 1e6:.0f} µs of processor each, median "
            f"{late[len(late) // 2] * 1e3:.1f} ms, 99 % {late[int(0.99 * len(late))] * 1e3:.1f} ms, "
            f"memory {self.grown:+.1f} MB"
        )


async def bare(http: web.Request) -> web.Response:
    """Do the least that a handler can do."""
    await http.read()
    return web.Response()


async def bare_asgi(_: Any, receive: Any, send: Any) -> None:
    """Do the same without aiohttp."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class Awaited:
    """Jobs that wait for their events. What they would do then, a GET each, is not a part of what is measured."""

    def __init__(self) -> None:
        self.told_of = 0

    def told(self, ids: Sequence[str]) -> None:
        """Find the job: every video's id is 32 digits here."""
        self.told_of += any(len(each) == 32 for each in ids)

    def hinted(self, token: str) -> None:
        """Nobody does."""


def receiver_of_jobs(*, handler: bool) -> Receiver:
    """Make what is measured: a receiver that jobs hear from; on demand, with a handler of the user's too."""
    receiver, seen = Receiver(secrets=[SECRET], jobs=Awaited()), Counter[str]()
    if handler:

        @receiver.on("avatar_video.success")
        async def count(event: Event) -> None:
            seen[event.type] += 1

    return receiver


async def serve(*, asgi: bool, handler: bool) -> None:
    """Be the server's process: one core, two paths. Each line of standard input is answered with the costs so far."""
    _pin(0)
    receiver = receiver_of_jobs(handler=handler)
    if asgi:
        await _serve_asgi(receiver)
        return
    app = web.Application()
    app.add_routes([*receiver.routes("/heygen"), web.post("/bare", bare)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await _account()
    await runner.cleanup()


async def _serve_asgi(receiver: Receiver) -> None:
    import uvicorn  # noqa: PLC0415  # in the extra

    async def both(scope: Any, receive: Any, send: Any) -> None:
        await (bare_asgi if scope["path"] == "/bare" else receiver)(scope, receive, send)

    config = uvicorn.Config(both, port=0, log_config=None, ws="none", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn sets no event
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await _account()
    server.should_exit = True
    await serving


async def _account() -> None:
    while await asyncio.to_thread(sys.stdin.readline):
        used = resource.getrusage(resource.RUSAGE_SELF)
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")  # noqa: ASYNC240
        print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "memory": memory}), flush=True)


async def storm(port: int, path: str, rate: int, seconds: float, first: int) -> Storm:
    """Offer events at a steady rate over a few connections that stay open."""
    seen, numbers = Storm(offered=int(rate * seconds)), iter(range(first, first + int(rate * seconds)))
    began = time.perf_counter()

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            due = began + (number - first) / rate
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            writer.write(_request(path, number))
            head = await reader.readuntil(b"\r\n\r\n")
            seen.latencies.append(time.perf_counter() - due)
            seen.statuses[head[9:12].decode()] += 1
        writer.close()

    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    seen.seconds = time.perf_counter() - began
    return seen


def _request(path: str, number: int) -> bytes:
    event = {"video_id": f"{number:032x}", "url": "https://files.example/a.mp4", "callback_id": None}
    body = json.dumps(
        {"event_id": f"evt_{number}", "event_type": "avatar_video.success", "event_data": event, "created_at": "2026"}
    ).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Heygen-Signature: {sign(body, SECRET)}\r\nHeygen-Timestamp: {time.time():.0f}\r\n\r\n"
    )
    return head.encode() + body


async def storms(rate: int, seconds: float, *more: str) -> tuple[Mark, dict[str, bool]]:
    """Let it storm against both handlers in turn, a second each, and print the figures."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--serve", *more, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None  # noqa: S101  # it is a pipe
    assert process.stdout is not None  # noqa: S101  # as above
    stdin, stdout = process.stdin, process.stdout

    async def account() -> dict[str, float]:
        stdin.write(b"\n")
        costs: dict[str, float] = json.loads(await stdout.readline())
        return costs

    _pin(1)
    port, first = int(await stdout.readline()), 0
    sides = {"bare": Side("/bare"), "receiver": Side("/heygen")}
    await storm(port, "/heygen", rate, 2 if seconds > 5 else 1, first := 10**6)  # fills the memory of events
    for turn in range(round(seconds)):
        for side in sides.values() if turn % 2 else reversed(sides.values()):
            before = await account()
            first += rate
            side.seen.append(await storm(port, side.path, rate, 1.0, first))
            side.costs.append((await account())["cpu"] - before["cpu"])
            side.memory.append(before["memory"])
    stdin.close()
    await process.wait()
    server = release("uvicorn" if "--asgi" in more else "aiohttp")
    figures = {f"{name}, {server}": side.figures() for name, side in sides.items()}
    kept = {f"{name}, {server}: no errors": side.errors == 0 for name, side in sides.items()}
    kept |= {f"{name}, {server}: memory stays flat": side.grown < 4 for name, side in sides.items()}
    report(figures)
    bare, ours = sides["bare"], sides["receiver"]
    ratio = statistics.median(base / cost for base, cost in zip(bare.costs, ours.costs, strict=True))
    question = f"Deliveries for the CPU of one of the bare handler's, {server}"
    question += ", with a handler of the user's" if "--handler" in more else ""
    peers = {f"bare handler, {server}": bare.cost}
    return Mark(question, ours.cost, peers, ratio, 0.85, better="higher", unit="s", reason=REASON), kept


def _pin(core: int) -> None:
    """Stay on one core, where the system can do that and has two."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="100 videos, and two seconds of 500 events a second")
    parser.add_argument("--asgi", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--handler", action="store_true", help="the storm with a handler of the user's own")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(asgi=given.asgi, handler=given.handler))
        return 0
    count, rate, seconds = (100, 500, 2.0) if given.quick else (500, 2000, 10.0)
    made = [asyncio.run(videos(count, lossy=False)), asyncio.run(videos(min(count, 200), lossy=True))]
    marks, promises = [mark for marks, _ in made for mark in marks], made[0][1] | made[1][1]
    more = ["--handler"] if given.handler else []
    for server in ([], ["--asgi"]) if importlib.util.find_spec("uvicorn") else ([],):
        mark, kept = asyncio.run(storms(rate, seconds if not server else seconds / 2, *server, *more))
        marks.append(mark)
        promises |= kept
    return settle(marks, quick=given.quick, promises=promises)


if __name__ == "__main__":
    sys.exit(main())
