"""One GET: what does a call cost the processor, and how near to the ideal rate do 256 calls at once come.

1. Client CPU of one GET of a video, decoded to its class, with 1, 64 and 512 in flight; plain aiohttp and `json` = 1.
2. 256 calls in flight at a server that takes 100 ms for each: how much of the ideal 2,560 a second is reached.

The server is a process of its own, which answers with the same bytes each time. Each client is a process of its own
too, which imports only what it needs; they take turns, a block of calls each. CPU is that of the client's process.
Our client has `Limits(requests=1024)`: by default at most 32 requests are under way, and the others stand in line.

    python benchmarks/requests.py
    python benchmarks/requests.py --quick    fewer and shorter turns, without the SDKs
    python benchmarks/requests.py --uvloop   all clients under uvloop

The peers are the SDKs of two similar APIs, each with what it is told to retrieve by its own API. A peer that is not
installed is left out: ``pip install openai runwayml``.
"""

import argparse
import asyncio
import contextlib
import gc
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
from attrs import define, frozen
from marks import Mark, release, settle

from heygen_async import HeyGen, Limits, Options

Call = Callable[[], Awaitable[object]]

DELAY = 0.1
"""Seconds that the slow half of the server takes."""

CROWD = 256
REASON = "in place, caches cold: checking the request 9 µs, encoding it 8, headers 4, timer 8, class of the answer 13"
FLIGHTS = (1, 64, 512)
KEY = "benchmark"
ID = "0123456789abcdef0123456789abcdef"
LINK = f"https://files.example/aws_pacific/avatar_tmp/{ID}/transcode.mp4?Expires=1795000000&Signature={'s' * 300}"

VIDEO = {
    "id": ID,
    "status": "completed",
    "title": "Welcome, Ada",
    "video_url": LINK,
    "thumbnail_url": LINK,
    "gif_url": LINK,
    "captioned_video_url": LINK,
    "subtitle_url": LINK,
    "duration": 12.5,
    "created_at": 1790000000,
    "completed_at": 1790000120,
    "folder_id": ID,
    "output_language": "en",
    "failure_code": None,
    "failure_message": None,
    "video_page_url": f"https://app.heygen.com/videos/{ID}",
}
TASK = {
    "id": "17f20503-6c24-4c16-946b-35dbbce2af2f",
    "status": "SUCCEEDED",
    "createdAt": "2026-06-27T19:49:32.334Z",
    "output": [LINK],
}
RESPONSE = {
    "id": f"resp_{ID}",
    "object": "response",
    "created_at": 1790000000,
    "completed_at": 1790000120,
    "status": "completed",
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "max_output_tokens": None,
    "model": "gpt-5.1",
    "output": [
        {
            "type": "message",
            "id": f"msg_{ID}",
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": LINK, "annotations": []}],
        }
    ],
    "parallel_tool_calls": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "usage": {
        "input_tokens": 36,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 87,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 123,
    },
    "metadata": {},
}


# The server's process.


class Canned(asyncio.Protocol):
    """Answers each GET with the bytes of its path; below ``/slow``, after a while."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # it is a socket
        self._transport, self._loop, self._head = transport, asyncio.get_running_loop(), b""

    def data_received(self, data: bytes) -> None:
        """Answer, once the head is complete; a GET has no more than that."""
        self._head += data
        if not self._head.endswith(b"\r\n\r\n"):
            return
        path, self._head = self._head.split(b" ", 2)[1], b""
        answer = next(answer for part, answer in ANSWERS.items() if part in path)
        if path.startswith(b"/slow"):
            self._loop.call_later(DELAY, self._transport.write, answer)
        else:
            self._transport.write(answer)


def _answer(payload: object) -> bytes:
    body = json.dumps(payload).encode()
    head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nX-Request-Id: {ID}"
    return f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body


ANSWERS = {
    b"/v3/videos/": _answer({"data": VIDEO}),
    b"/v1/tasks/": _answer(TASK),
    b"/v1/responses/": _answer(RESPONSE),
}


async def serve() -> None:
    """Serve until standard input ends."""
    server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


# The clients' processes.


@asynccontextmanager
async def plain(address: str) -> AsyncIterator[Call]:
    """Do the least that somebody would write with aiohttp."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers={"x-api-key": KEY}) as session:

        async def call() -> object:
            async with session.get(f"{address}/v3/videos/{ID}") as answer:
                return json.loads(await answer.read())

        yield call


@asynccontextmanager
async def heygen(address: str) -> AsyncIterator[Call]:
    """Be our client."""
    async with HeyGen(KEY, base_url=address, options=Options(limits=Limits(requests=1024))) as client:
        yield lambda: client.videos.get(ID)


@asynccontextmanager
async def openai(address: str) -> AsyncIterator[Call]:
    """Be the client of OpenAI's responses."""
    from openai import AsyncOpenAI  # noqa: PLC0415  # only the process that needs it

    async with AsyncOpenAI(api_key=KEY, base_url=f"{address}/v1") as client:
        yield lambda: client.responses.retrieve(f"resp_{ID}")


@asynccontextmanager
async def runwayml(address: str) -> AsyncIterator[Call]:
    """Be the client of Runway's tasks."""
    from runwayml import AsyncRunwayML  # noqa: PLC0415  # as above

    async with AsyncRunwayML(api_key=KEY, base_url=address) as client:
        yield lambda: client.tasks.retrieve(TASK["id"])


SIDES = {"aiohttp": plain, "heygen-async": heygen, "openai": openai, "runwayml": runwayml}


async def block(call: Call, calls: int, flight: int) -> tuple[float, float]:
    """Make so many calls; return seconds of CPU and of the clock for all."""
    turns = iter(range(calls))

    async def worker() -> None:
        for _ in turns:
            await call()

    gc.collect()
    before, began = _cpu(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(flight)))
    return _cpu() - before, time.perf_counter() - began


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def client(name: str, port: int) -> None:
    """Make the blocks of calls that standard input asks for, and print what each has cost."""
    async with (
        SIDES[name](f"http://127.0.0.1:{port}") as quick,
        SIDES[name](f"http://127.0.0.1:{port}/slow") as slow,
    ):
        while line := await asyncio.to_thread(sys.stdin.readline):
            path, calls, flight = line.split()
            print(json.dumps(await block(slow if path == "slow" else quick, int(calls), int(flight))), flush=True)


# The process that asks.


@define
class Side:
    """A client's process."""

    name: str
    process: "subprocess.Popen[str]"

    def block(self, path: str, calls: int, flight: int) -> tuple[float, float]:
        """Let it make a block of calls; return seconds of CPU and of the clock for one."""
        assert self.process.stdin is not None  # noqa: S101  # it is a pipe
        assert self.process.stdout is not None  # noqa: S101  # as above
        print(path, calls, flight, file=self.process.stdin, flush=True)
        cpu, seconds = json.loads(self.process.stdout.readline())
        return cpu / calls, seconds / calls


@contextmanager
def running(core: int, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run this file once more, on one core; it ends with its standard input."""
    process = subprocess.Popen(  # noqa: S603  # it is this file
        [sys.executable, __file__, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process.pid, {core})
    with process:
        yield process


@frozen
class Plan:
    """How much is measured. Peers, which take long, are measured less often."""

    turns: int
    calls: int
    """How many calls a turn has, if more than that are not in flight at once."""

    tries: int
    """How often the crowd is sent to the slow server; the best counts, as others on the machine only slow it down."""

    rounds: int
    """How often each of the crowd calls."""


def costs(sides: list[Side], flight: int, plan: Plan) -> Mark:
    """Compare what one GET costs the processor; the first side is plain aiohttp, the second one ours."""
    calls = max(plan.calls, 2 * flight)
    spent: dict[str, list[float]] = {side.name: [] for side in sides}
    for side in sides:
        side.block("quick", flight + 50, flight)  # opens the connections
    for side in sides[2:]:
        spent[side.name] = [side.block("quick", max(calls // 8, flight), flight)[0]]
    for turn in range(plan.turns):
        for side in sides[:2] if turn % 2 else sides[1::-1]:
            spent[side.name].append(side.block("quick", calls, flight)[0])
    base, ours = spent[sides[0].name], spent[sides[1].name]
    ratio = statistics.median(mine / plain for mine, plain in zip(ours, base, strict=True))
    peers = {release(name): statistics.median(each) for name, each in spent.items() if name != sides[1].name}
    reason = "" if ratio <= 1.3 else REASON
    return Mark(
        f"CPU of one GET, {flight} in flight", statistics.median(ours), peers, ratio, 1.3, unit="s", reason=reason
    )


def rate(sides: list[Side], plan: Plan) -> Mark:
    """Compare how many calls a second come back from the slow server."""
    reached: dict[str, float] = {}
    for side in sides:
        measured = side in sides[:2]
        calls = plan.rounds * CROWD if measured else CROWD
        if measured:
            side.block("slow", CROWD, CROWD)  # opens the connections; peers open some anew all the time
        tries = [side.block("slow", calls, CROWD)[1] for _ in range(plan.tries if measured else 1)]
        reached[side.name] = 1 / min(tries)
    ours, ideal = reached.pop(sides[1].name), CROWD / DELAY
    peers = {"ideal": ideal} | {release(name): each for name, each in reached.items()}
    question = f"Calls a second of a server that takes {DELAY * 1000:.0f} ms, {CROWD} in flight"
    reason = f"plain aiohttp has {reached[sides[0].name] / ideal:.0%} of the ideal in the same minute"
    return Mark(question, ours, peers, ours / ideal, 0.95, better="higher", unit="/s", reason=reason)


def compare(plan: Plan, *, quick: bool, more: list[str]) -> int:
    """Ask all sides in turn."""
    names = [name for name in SIDES if importlib.util.find_spec(name.replace("-", "_"))][: 2 if quick else None]
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running(1, "--serve"))
        assert server.stdout is not None  # noqa: S101  # it is a pipe
        port = server.stdout.readline().strip()
        sides = [Side(name, stack.enter_context(running(0, "--side", name, "--port", port, *more))) for name in names]
        found = [costs(sides, flight, plan) for flight in FLIGHTS]
        found.append(rate(sides, plan))
    return settle(found, quick=quick)


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns")
    parser.add_argument("--uvloop", action="store_true", help="all clients under uvloop")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
        return 0
    if given.side:
        with asyncio.Runner(loop_factory=_loop(uvloop=given.uvloop)) as runner:
            runner.run(client(given.side, given.port))
        return 0
    plan = Plan(turns=7, calls=300, tries=3, rounds=5) if given.quick else Plan(7, 800, 4, 8)
    return compare(plan, quick=given.quick, more=["--uvloop"] if given.uvloop else [])


def _loop(*, uvloop: bool) -> Any:
    if not uvloop:
        return None
    import uvloop as module  # noqa: PLC0415  # only who asks for it has to have it

    return module.new_event_loop


if __name__ == "__main__":
    sys.exit(main())
