"""Webhooks: what a video costs in reads, how soon an await ends, and whether a storm of deliveries is survived.

1. A thousand videos, ten at once, through the emulator: at most 1.1 reads a video, and less than 50 ms of real time
   between a video's completion and the end of its await. Once more with every third delivery lost: all jobs end.
2. 2,000 signed events a second for ten seconds, from one process to another: the receiver against a handler that reads
   the body and answers, in the same server and the same run.

    python benchmarks/webhooks.py
    python benchmarks/webhooks.py --quick    100 videos, and two seconds of 500 a second
    python benchmarks/webhooks.py --asgi     the storm through uvicorn (pip install "heygen-async[fastapi]")

It prints figures, and ends with 1 where one of the promises was not kept.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from attrs import define, evolve, field

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


# A thousand videos.


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


async def videos(count: int, *, lossy: bool) -> bool:
    """Make them, print the figures, and tell whether the promises were kept."""
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
    kept = {"every job has ended": ended}
    if not lossy:
        kept["at most 1.1 reads a video"] = reads <= 1.1 * count + (
            40 if count < 1000 else 0
        )  # what begins is read more
        kept["less than 50 ms to the await"] = statistics.mean(waited) < 0.05
    return report(figures, kept)


def report(figures: dict[str, str], kept: dict[str, bool]) -> bool:
    """Print figures and promises."""
    for name, figure in figures.items():
        print(f"{name:>24}  {figure}")
    for promise, was_kept in kept.items():
        print(f"{'kept' if was_kept else 'BROKEN':>24}  {promise}")
    print()
    return all(kept.values())


# The storm.


@define
class Storm:
    """What came of one storm, as the sender saw it."""

    offered: int = 0
    statuses: Counter[str] = field(factory=Counter)
    latencies: list[float] = field(factory=list)
    seconds: float = 0.0


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


def receiver_with_handler() -> Receiver:
    """Make what is measured: a receiver with one handler."""
    receiver, seen = Receiver(secrets=[SECRET]), Counter[str]()

    @receiver.on("avatar_video.success")
    async def count(event: Event) -> None:
        seen[event.type] += 1

    return receiver


async def serve(*, asgi: bool) -> None:
    """Be the server's process: one core, two paths. Each line of standard input is answered with the costs so far."""
    _pin(0)
    receiver = receiver_with_handler()
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


async def storms(rate: int, seconds: float, *, asgi: bool) -> bool:
    """Let it storm against both handlers in turn, print the figures, and tell whether the promises were kept."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        "--serve",
        *(["--asgi"] if asgi else []),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None  # noqa: S101  # it is a pipe
    assert process.stdout is not None  # noqa: S101  # as above
    stdin, stdout = process.stdin, process.stdout

    async def account() -> dict[str, float]:
        stdin.write(b"\n")
        costs: dict[str, float] = json.loads(await stdout.readline())
        return costs

    _pin(1)
    port, first, kept, figures, costs = int(await stdout.readline()), 0, {}, {}, {}
    for name, path, share in (("warm up", "/heygen", 0.6), ("bare handler", "/bare", 1), ("receiver", "/heygen", 1)):
        before = await account()
        seen = await storm(port, path, rate, share * seconds, first)
        after, first = await account(), first + seen.offered
        if name == "warm up":
            continue
        costs[name] = (after["cpu"] - before["cpu"]) / seen.offered
        late = sorted(seen.latencies)
        grown = (after["memory"] - before["memory"]) / CORE
        figures[name] = (
            f"{seen.offered / seen.seconds:,.0f} a second of {rate:,} offered, {dict(seen.statuses)}, "
            f"{costs[name] * 1e6:.0f} µs of processor each, median {late[len(late) // 2] * 1e3:.1f} ms, "
            f"99 % {late[int(0.99 * len(late))] * 1e3:.1f} ms, memory {grown:+.1f} MB"
        )
        kept[f"{name}: no errors"] = set(seen.statuses) == {"200"}
        kept[f"{name}: memory stays flat"] = grown < 4
    stdin.close()
    await process.wait()
    figures["server"] = "uvicorn" if asgi else "aiohttp"
    figures["receiver / bare"] = f"{costs['receiver'] / costs['bare handler']:.2f} times the processor time"
    return report(figures, kept)


def _pin(core: int) -> None:
    """Stay on one core, where the system can do that and has two."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="100 videos, and two seconds of 500 events a second")
    parser.add_argument("--asgi", action="store_true", help="the storm through uvicorn instead of aiohttp")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(asgi=given.asgi))
        return 0
    count, rate, seconds = (100, 500, 2.0) if given.quick else (1000, 2000, 10.0)
    kept = [asyncio.run(videos(count, lossy=lossy)) for lossy in (False, True)]
    kept.append(asyncio.run(storms(rate, seconds, asgi=given.asgi)))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
