"""Downloads: how near to curl, how much memory, how long a stall of the loop, and how many at a time pay.

1. 200 MB from a local nginx, plain and over TLS; curl = 1. Beside it, what one writes first: aiohttp with its own read
   buffer, and aiofiles with blocks of 64 KiB.
2. Meanwhile: the longest stall of the event loop, and the peak memory of the process.
3. 200 files of 5 MB over TLS: 8 and 16 at a time, and all at once.

    python benchmarks/downloads.py
    python benchmarks/downloads.py --quick   50 MB, and 40 files

nginx is started here, with a certificate made for the day, on loopback. It runs as one process, as curl does and the
client; the three of them share the machine. They take turns; speeds are medians, and a ratio is the median of what it
is in each turn, since both sides of a turn find the machine in the same mood. All files are on one tmpfs, where there
is one with room: what is measured is the way of the bytes and no disk. curl is charged what it says itself
(``time_total``), so its start does not count. The client is one as anybody would make it; it trusts the certificate by
``SSL_CERT_FILE``, in the environment of its process and nowhere else.

A stall is how long the loop is busy at a stretch, by the time that its thread has on a processor: on a machine that
others use too, the clock tells more about them. What the clock says is given beside it, and how late in the same time
a loop in another process wakes that does nothing. Without nginx, curl or openssl nothing is measured.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self, TypeVar

import aiofiles
import aiohttp
from attrs import define, frozen
from marks import Mark, release, settle

from heygen_async import HeyGen, Limits, Options

NEEDS = ("nginx", "curl", "openssl")
T = TypeVar("T")

ROOM = 4 * 2**30
"""Bytes that have to be free on a tmpfs."""

ONE, MANY = "film.mp4", "clip.mp4"
CALM = 20
"""Milliseconds that a stall may last."""

MEGABYTES = 100
"""Of memory that a process may take."""

WHY = "of a plain one, four fifths are the kernel's, for socket and tmpfs; TLS is decrypted by records, and copied once"
"""What the profile says about the difference."""

CONFIGURATION = """
master_process off;
daemon off;
pid nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ssl_certificate cert.pem;
  ssl_certificate_key key.pem;
  server {{ listen 127.0.0.1:{plain}; root {files}; }}
  server {{ listen 127.0.0.1:{tls} ssl; root {files}; }}
}}
"""


@frozen
class Served:
    """An nginx, and the folder that all is in."""

    folder: Path
    plain: str
    tls: str

    @property
    def certificate(self) -> Path:
        """What has to be trusted."""
        return self.folder / "cert.pem"


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Run nginx with what is in ``files``."""
    ports = _free_port(), _free_port()
    (folder / "nginx.conf").write_text(CONFIGURATION.format(plain=ports[0], tls=ports[1], files=folder / "files"))
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", "key.pem"]
    subprocess.run([*key, "-out", "cert.pem", *names], cwd=folder, check=True, capture_output=True)  # noqa: S603  # ours
    command = ["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    nginx = subprocess.Popen(command)  # noqa: S603  # the one that is installed, with a configuration of ours
    try:
        for port in ports:
            _await_port(port)
        yield Served(folder, f"http://127.0.0.1:{ports[0]}", f"https://127.0.0.1:{ports[1]}")
    finally:
        nginx.terminate()
        nginx.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _await_port(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx does not answer")


def film(path: Path, size: int) -> None:
    """Write what passes for an MP4: three boxes, the last one full of noise."""
    head = struct.pack(">I4s8x", 16, b"ftyp") + struct.pack(">I4s", 8, b"moov")
    with path.open("wb") as file:
        file.write(head + struct.pack(">I4s", size - len(head), b"mdat"))
        file.write((os.urandom(2**20) * (size // 2**20 + 1))[: size - len(head) - 8])


# The process of the client.


@frozen
class Brought:
    """What it was like to bring some files."""

    seconds: float
    processor: float
    """Seconds of the processor, all threads together."""

    stall: float
    """Seconds of the processor that the loop was busy at a stretch, at most."""

    late: float
    """Seconds of the clock that something due had to wait for the loop, at most."""

    memory: float
    """Megabytes that the process has had in memory, at most and since its beginning."""


async def bring() -> None:
    """Be the client's process: each line of standard input is an order, answered by a line."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        began, used = time.perf_counter(), time.process_time()
        _, stall, late = await probed(_carry_out(**json.loads(line)))
        figures = time.perf_counter() - began, time.process_time() - used, stall, late, _peak()
        print(json.dumps(figures), flush=True)


async def _carry_out(links: list[str], folder: str, at_once: int | None, *, simply: bool) -> None:
    paths = [Path(folder, f"{at}.mp4") for at in range(len(links))]
    if simply:
        await asyncio.gather(*map(simple, links, paths))
        return
    limits = Limits() if at_once is None else Limits(downloads=at_once)
    async with HeyGen("any", base_url="http://127.0.0.1", options=Options(limits=limits)) as heygen:
        await asyncio.gather(*map(heygen.fetch, links, paths))


async def simple(link: str, path: Path) -> None:
    """Download as one writes it first."""
    async with aiohttp.ClientSession() as session, session.get(link) as answer, aiofiles.open(path, "wb") as file:
        async for block in answer.content.iter_chunked(2**16):
            await file.write(block)


async def probed(work: Awaitable[T]) -> tuple[T, float, float]:
    """Await `work`. Return what it does, and the longest stall of the loop, by its thread's processor and the clock."""
    busy = late = 0.0

    async def probe() -> None:
        nonlocal busy, late
        while True:
            due, used = time.perf_counter() + 0.001, time.thread_time()
            await asyncio.sleep(0.001)
            busy, late = max(busy, time.thread_time() - used), max(late, time.perf_counter() - due)

    probing = asyncio.create_task(probe())
    try:
        return await work, busy, late
    finally:
        probing.cancel()


def _peak() -> float:
    """Return megabytes; `resource` would count what the parent had in memory when it made this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


# The process that gives the orders.


@define
class Client:
    """A process that brings files."""

    _orders: asyncio.StreamWriter
    _answers: asyncio.StreamReader
    _folder: Path

    @classmethod
    @asynccontextmanager
    async def started(cls, served: Served) -> AsyncIterator[Self]:
        """Start one."""
        trusting = {**os.environ, "SSL_CERT_FILE": str(served.certificate)}
        pipe, me = asyncio.subprocess.PIPE, (sys.executable, __file__, "--bring")
        process = await asyncio.create_subprocess_exec(*me, stdin=pipe, stdout=pipe, env=trusting, limit=2**20)
        assert process.stdin is not None  # noqa: S101  # it is a pipe
        assert process.stdout is not None  # noqa: S101  # as above
        try:
            yield cls(process.stdin, process.stdout, served.folder / "brought")
        finally:
            process.stdin.close()
            await process.wait()

    async def bring(self, links: Sequence[str], *, at_once: int | None = None, simply: bool = False) -> Brought:
        """Have files brought, check that they are whole, and remove them."""
        order = {"links": links, "folder": str(self._folder), "at_once": at_once, "simply": simply}
        self._folder.mkdir()
        self._orders.write(json.dumps(order).encode() + b"\n")
        figures = json.loads(await self._answers.readline())
        _check_whole(self._folder, ONE if links[0].endswith(ONE) else MANY, len(links))
        shutil.rmtree(self._folder)
        return Brought(*figures)


def _check_whole(folder: Path, name: str, count: int) -> None:
    sizes = [path.stat().st_size for path in folder.iterdir()]
    if sizes != [(folder.parent / "files" / name).stat().st_size] * count:
        raise RuntimeError(f"{len(sizes)} of {count} files have come, and not all of them whole")


async def curl(served: Served, link: str) -> tuple[float, float]:
    """Download with curl; return the seconds that it took, by its own account, and those of the processor."""
    folder, before = served.folder / "curl", _used_by_children()
    folder.mkdir()
    options = ["-sS", "--cacert", str(served.certificate), "-o", str(folder / ONE), "-w", "%{time_total}"]
    process = await asyncio.create_subprocess_exec("curl", *options, link, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    _check_whole(folder, ONE, 1)
    shutil.rmtree(folder)
    return float(said), _used_by_children() - before


def _used_by_children() -> float:
    """Return seconds of the processor, of those that have ended: nginx and the clients are none of them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# The questions.


@frozen
class Turn:
    """One after the other."""

    curl: float
    curl_processor: float
    simple: float
    ours: Brought
    idle: float
    """How late, meanwhile, a loop woke that did nothing."""


async def one(served: Served, address: str, size: int, turns: int) -> list[Mark]:
    """Bring one large file by turns, and hold it against curl."""
    link, secure = f"{address}/{ONE}", address == served.tls
    taken: list[Turn] = []
    async with Client.started(served) as client, Client.started(served) as other:
        await client.bring([link])  # what a process does only once is no part of the question
        simply = await other.bring([link], simply=True)  # once: it is slow, and known to be
        for _ in range(turns):
            peer = await curl(served, link)
            ours, _, idle = await probed(client.bring([link]))
            taken.append(Turn(*peer, simply.seconds, ours, idle))
    return _marks(f"{size} MB {'over TLS' if secure else 'plain'}", size, taken, 0.65 if secure else 0.9)


def _marks(what: str, size: int, taken: Sequence[Turn], mark: float) -> list[Mark]:
    def median(of: Callable[[Turn], float]) -> float:
        return statistics.median(map(of, taken))

    peers = {
        _curl_release(): size / median(lambda turn: turn.curl),
        f"{release('aiofiles')}, blocks of 64 KiB": size / median(lambda turn: turn.simple),
    }
    speed = size / median(lambda turn: turn.ours.seconds)
    ratio = median(lambda turn: turn.curl / turn.ours.seconds)
    costs = median(lambda turn: turn.ours.processor), median(lambda turn: turn.curl_processor)
    reason = f"{costs[0]:.2f} s of the processor, curl {costs[1]:.2f} s; {WHY}"
    asked = f"{what}; curl = 1"
    brought, idle = [turn.ours for turn in taken], median(lambda turn: turn.idle)
    return [
        Mark(asked, speed, peers, ratio, mark, better="higher", unit="MB/s", reason=reason),
        _stall(what, brought, idle),
        _memory(what, brought),
    ]


async def many(served: Served, count: int, turns: int, *, quick: bool) -> list[Mark]:
    """Bring many small files, some at a time and all at once, by turns."""
    links = [f"{served.tls}/{MANY}?{at}" for at in range(count)]
    brought: dict[int, list[Brought]] = {8: [], 16: [], count: []}
    idle: list[float] = []
    async with AsyncExitStack() as stack:
        clients = {at_once: await stack.enter_async_context(Client.started(served)) for at_once in brought}
        for client in clients.values():
            await client.bring(links[:1])
        for _ in range(turns):
            for at_once, client in clients.items():
                found, _, late = await probed(client.bring(links, at_once=at_once))
                brought[at_once].append(found)
                idle.append(late)
    eight, sixteen, all_of_them = (5 * count / _median_seconds(each) for each in brought.values())
    what, peers = f"{count} files of 5 MB over TLS", {"8 at a time": eight, "all at once": all_of_them}
    asked = f"{what}, 16 at a time; all at once = 1"
    ratio = statistics.median(
        late.seconds / soon.seconds for soon, late in zip(brought[16], brought[count], strict=True)
    )
    marks = [Mark(asked, sixteen, peers, ratio, 1.0, better="higher", unit="MB/s")]
    for at_once in (8, 16):
        asked = f"{what}, {at_once} at a time"
        if not (quick and at_once == 16):  # near its mark: a short run on a busy machine cannot tell
            marks += [_stall(asked, brought[at_once], statistics.median(idle), brought[count])]
        marks += [_memory(asked, brought[at_once], brought[count])]
    return marks


def _median_seconds(brought: Sequence[Brought]) -> float:
    return statistics.median(each.seconds for each in brought)


def _stall(what: str, brought: Sequence[Brought], idle: float, unbounded: Sequence[Brought] = ()) -> Mark:
    stall = statistics.median(each.stall for each in brought)
    late = statistics.median(each.late for each in brought)
    peers = {"all at once": statistics.median(each.stall for each in unbounded)} if unbounded else {}
    reason = f"{late * 1000:.0f} ms by the clock; meanwhile an idle loop woke up to {idle * 1000:.0f} ms late"
    if unbounded:
        reason = f"asyncio decrypts up to 256 KB of each in a turn of the loop, 1 ms, and all begin at once; {reason}"
    return Mark(f"{what}: longest stall, in ms", stall, peers, stall * 1000, CALM, unit="s", reason=reason)


def _memory(what: str, brought: Sequence[Brought], unbounded: Sequence[Brought] = ()) -> Mark:
    peak = max(each.memory for each in brought)
    peers = {"all at once": max(each.memory for each in unbounded)} if unbounded else {}
    return Mark(f"{what}: peak memory, in MB", peak, peers, peak, MEGABYTES, unit="MB")


def _curl_release() -> str:
    command = ["curl", "--version"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # as nginx
    return " ".join(said.split()[:2])


async def ask(folder: Path, *, quick: bool) -> list[Mark]:
    """Ask all of it."""
    size, turns, count = (50, 9, 40) if quick else (200, 9, 200)
    (folder / "files").mkdir()
    film(folder / "files" / ONE, size * 2**20)
    film(folder / "files" / MANY, 5 * 2**20)
    with served(folder) as nginx:
        marks = await one(nginx, nginx.plain, size, turns)
        encrypted = await one(nginx, nginx.tls, size, turns)
        if quick:  # its speed varies by half from one short run to the next
            encrypted = [mark for mark in encrypted if mark.better == "lower"]
        marks += encrypted
        return marks + await many(nginx, count, 3, quick=quick)


def _shelf() -> str | None:
    """Choose where all files are; ``None``: where temporary files are."""
    shared = Path("/dev/shm")  # noqa: S108  # the folder in it has a name of its own
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="50 MB instead of 200, and 40 files")
    parser.add_argument("--bring", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bring:
        asyncio.run(bring())
        return 0
    missing = [name for name in NEEDS if shutil.which(name) is None]
    if missing or not Path("/proc/self/status").exists():
        print(f"downloads.py: not measured; it needs Linux and {', '.join(missing) or 'its /proc'}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nginx and the files go, too
    with tempfile.TemporaryDirectory(dir=_shelf()) as folder:
        print(f"all files are in {folder}")
        return settle(asyncio.run(ask(Path(folder), quick=given.quick)), quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())
