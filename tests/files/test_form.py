"""A file as a form: streamed with its length known, never read whole, and nothing but the file."""

import asyncio
import os
import shutil
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path

import attrs
import pytest
from attrs import define, field
from hosts import Deed, Host, answer, hosted

from heygen_async import HeyGen, ManualClock
from heygen_async.api.assets import UploadAsset, UploadedAsset
from heygen_async.api.media import LocalFile
from heygen_async.codec import encode
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Fault, Refuse, ResetAfter, ResetBefore
from heygen_async.errors import NotAuthenticated, RequestInvalid, RequestTimeout
from heygen_async.files.form import file_form
from heygen_async.options import Options, Retry, Timeouts
from heygen_async.transport import _deadline

pytestmark = pytest.mark.anyio

ONCE = Options(retry=Retry(attempts=1))
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = PNG + bytes(range(256)) * 4
RECEIPT = answer(body=b'{"data": {"asset_id": "a1"}}')


def written(path: Path) -> Path:
    path.write_bytes(PICTURE)
    return path


def removed(path: Path) -> None:
    path.unlink()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Something that counts as a picture."""
    return written(tmp_path / "picture.png")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """20 MB, of which the disk holds next to nothing."""
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(PNG)
        file.truncate(20 * 2**20)
    return path


@asynccontextmanager
async def client_of(host: Host, options: Options = ONCE) -> AsyncIterator[HeyGen]:
    async with HeyGen("k", base_url=host.url, options=options) as client:
        yield client


def part_of(host: Host) -> tuple[dict[str, str], bytes]:
    """Read the one part of a form, by means other than ours."""
    kind = f"Content-Type: {host.header('Content-Type')}\r\n\r\n"
    form = message_from_bytes(kind.encode() + host.bodies[-1])
    _, part = form.walk()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return {name.lower(): str(value) for name, value in part.items()}, content


# What goes over the wire.


async def test_a_file_arrives_whole_with_its_length_and_type(picture: Path) -> None:
    async with hosted(RECEIPT) as host, client_of(host) as client:
        receipt = await client.assets.upload(picture)
    assert receipt == UploadedAsset("a1")
    assert host.header("Content-Length") == str(len(host.bodies[0]))
    assert host.header("Transfer-Encoding") is None
    head, content = part_of(host)
    assert content == PICTURE
    assert head == {
        "content-type": "image/png",
        "content-disposition": 'form-data; name="file"; filename="picture.png"',
    }


@pytest.mark.parametrize(
    "name",
    ["naïve café.png", "日本語.png", "👋🏽 hello.png", "my photo (1).png", "100%25.png", "a;b=c.png", "it's.png"],
)
async def test_a_name_arrives_as_it_is(emulator: Emulator, heygen: HeyGen, tmp_path: Path, name: str) -> None:
    receipt = await heygen.assets.upload(written(tmp_path / name))
    assert emulator.account.assets[receipt.asset_id].name == name
    assert emulator.account.assets[receipt.asset_id].path.read_bytes() == PICTURE


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ('say "hi".png', r"say \"hi\".png"),
        ("back\\slash.png", r"back\\slash.png"),
        ("two\r\nX-Evil: lines.png", "two__X-Evil: lines.png"),
        ("no \udcff text.png", "no _ text.png"),
    ],
)
async def test_a_name_cannot_break_out_of_its_header(tmp_path: Path, name: str, sent: str) -> None:
    async with hosted(RECEIPT) as host, client_of(host) as client:
        await client.assets.upload(written(tmp_path / name))
    assert f'filename="{sent}"\r\n'.encode() in host.bodies[0]
    assert part_of(host)[1] == PICTURE


async def test_further_fields_are_parts_before_the_file(picture: Path) -> None:
    async with hosted(RECEIPT) as host, client_of(host) as client:
        extra = {"folder_id": "f1", "tags": ["a", "b"], "name": "naïve\r\n", 'q"': True, "none": None}
        await client.send(UploadAsset(LocalFile(picture), extra=extra))
    kind = f"Content-Type: {host.header('Content-Type')}\r\n\r\n"
    parts = list(message_from_bytes(kind.encode() + host.bodies[-1]).walk())[1:]
    names = [part.get_param("name", header="content-disposition") for part in parts]
    assert names == ["folder_id", "tags", "name", 'q"', "file"]
    texts = [part.get_payload(decode=True) for part in parts[:-1]]
    assert texts == [b"f1", b"a,b", "naïve\r\n".encode(), b"true"]
    assert host.header("Content-Length") == str(len(host.bodies[0]))


async def test_a_file_is_sent_again_from_its_beginning(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, picture: Path
) -> None:
    for what in (ResetBefore(), Refuse(503, "service_unavailable"), ResetAfter()):
        emulator.faults.add(Fault(what, times=1))
    receipt = await clock.drive(heygen.assets.upload(picture))
    assert emulator.account.assets[receipt.asset_id].path.read_bytes() == PICTURE
    keys = [served.idempotency_key for served in emulator.log.requests("POST", "/v3/assets")]
    assert len(keys) == 4
    assert len(set(keys)) == 1


async def test_a_file_is_never_read_whole(emulator: Emulator, heygen: HeyGen, large: Path) -> None:
    await heygen.users.me()
    tracemalloc.start()
    try:
        receipt = await heygen.assets.upload(large)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert receipt.size_bytes == 20 * 2**20
    assert peak < 5 * 2**20


async def test_a_refusal_that_comes_before_the_end_is_heard(clock: ManualClock, large: Path) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000, api_key="right") as emulator,
        HeyGen("wrong", base_url=emulator.url, clock=clock) as client,
    ):
        with pytest.raises(NotAuthenticated):
            await client.assets.upload(large)


# How long it may take.


async def test_an_upload_ends_when_nothing_moves_any_more(large: Path) -> None:
    gone = asyncio.Event()
    options = attrs.evolve(ONCE, timeouts=Timeouts(silence=0.1, write=0.01))
    async with hosted(RECEIPT, before=gone.wait) as host, client_of(host, options) as client:
        with pytest.raises(RequestTimeout):
            await client.assets.upload(large)
        gone.set()


def test_an_upload_may_take_as_long_as_it_moves(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = 0.0
    sendable = encode(UploadAsset(LocalFile(picture)))

    async def move(seconds: float, moved: Callable[[], object]) -> None:
        nonlocal later
        later += seconds
        moved()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def upload() -> None:
        loop = asyncio.get_running_loop()
        real = loop.time
        monkeypatch.setattr(loop, "time", lambda: real() + later)
        async with _deadline(Timeouts(silence=600), sendable) as moved:
            for _ in range(5):
                await move(599, moved)
            await move(601, lambda: None)

    with pytest.raises(TimeoutError):
        asyncio.run(upload())
    assert later == 5 * 599 + 601


@define
class Counting:
    """A writer that counts."""

    sizes: list[int] = field(factory=list)

    async def write(self, block: bytes) -> None:
        self.sizes.append(len(block))


async def test_each_block_that_goes_out_is_reported(emulator: Emulator, large: Path) -> None:
    out = Counting()
    form = await file_form(LocalFile(large), lambda: out.sizes.append(0))
    (part,) = (part for part, _, _ in form)
    await part.write(out)  # type: ignore[arg-type]  # all that it needs of a writer
    assert sum(out.sizes) == 20 * 2**20
    assert max(out.sizes) <= 2**18
    assert out.sizes[1::2] == [0] * 80


# Files that are not what they were.


async def test_a_file_that_has_gone_is_refused_before_anything_is_sent(picture: Path) -> None:
    request = UploadAsset(LocalFile(picture))
    removed(picture)
    async with hosted(RECEIPT) as host, client_of(host) as client:
        with pytest.raises(RequestInvalid, match=r"picture\.png cannot be read: No such file"):
            await client.send(request)
    assert host.heads == []


def resized(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: resized(path, 5 * 2**20),
        lambda path: resized(path, 25 * 2**20),
        lambda path: os.utime(path, (1, 1)),
        lambda path: (shutil.copy2(path, f"{path}.new"), Path(f"{path}.new").replace(path)),
        removed,
    ],
    ids=["shorter", "longer", "touched", "replaced", "gone"],
)
async def test_a_file_that_changes_meanwhile_ends_the_upload_at_once(
    large: Path, change: Callable[[Path], object]
) -> None:
    async with hosted(RECEIPT, before=lambda: change(large)) as host, client_of(host, Options()) as client:
        with pytest.raises(RequestInvalid, match=r"large\.png (has changed while it was uploaded|cannot be read)"):
            await client.assets.upload(large)
    assert len(host.heads) == 1


async def test_a_file_that_goes_between_its_length_and_its_bytes_is_named(picture: Path) -> None:
    form = await file_form(LocalFile(picture), lambda: None)
    (part,) = (part for part, _, _ in form)
    removed(picture)
    with pytest.raises(RequestInvalid, match="cannot be read"):
        await part.write(Counting())  # type: ignore[arg-type]  # all that it needs of a writer
    with pytest.raises(TypeError):
        part.decode()


# Cancelling.


async def test_cancelling_an_upload_closes_its_connection_and_its_file(large: Path, collected: None) -> None:
    reached, gone = asyncio.Event(), asyncio.Event()

    async def stop() -> None:
        reached.set()
        await gone.wait()

    async with hosted([Deed.HANG], before=stop) as host, client_of(host) as client:
        upload = asyncio.create_task(client.assets.upload(large))
        await reached.wait()
        upload.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upload
        lanes = client._desk.lanes
        assert (lanes.requests.taken, lanes.submissions.taken) == (0, 0)
        gone.set()
        await host.left_alone()
        assert host.bodies == []
