from pathlib import Path
from typing import Any

import pytest

from heygen_async import CLEAR, DownloadFailed, HeyGen, JobFailed, ManualClock, NotFound
from heygen_async.api.brand_kits import (
    BrandColors,
    BrandFont,
    BrandFonts,
    BrandKitFontRole,
    BrandLogos,
    CreateBrandKit,
    GetBrandKit,
    UpdateBrandKit,
)
from heygen_async.codec import decode, encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import RequestInvalid

pytestmark = pytest.mark.anyio


def test_a_change_names_only_what_changes() -> None:
    request = UpdateBrandKit(
        "k",
        name="Ours",
        color_roles=BrandColors(accent="#000000"),
        font_roles=BrandFonts(title_text=BrandFont(font_id="f", weight=700)),
        logo_roles=BrandLogos(primary="l"),
    )
    sendable = encode(request)
    assert (sendable.method, sendable.path) == ("PATCH", "/v3/brand-kits/k")
    assert sendable.body == {
        "name": "Ours",
        "color_roles": {"accent": "#000000"},
        "font_roles": {"title_text": {"font_id": "f", "weight": 700}},
        "logo_roles": {"primary": "l"},
    }


@pytest.mark.parametrize(
    ("make", "fields", "reason"),
    [
        (CreateBrandKit, {"url": ""}, "url: must not be empty"),
        (CreateBrandKit, {"url": "x" * 2049}, "url: has 2,049 characters; at most 2,048 are allowed"),
        (CreateBrandKit, {"url": "a.com", "name": "x" * 257}, "name: has 257 characters; at most 256 are allowed"),
        (BrandFont, {"weight": 1001}, "weight: is 1001; it must lie between 1 and 1000"),
    ],
)
def test_a_kit_has_bounds(make: Any, fields: Any, reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        make(**fields)


def test_a_kit_is_read_with_its_roles() -> None:
    body = b"""{"data": {"brand_kit_id": "k", "status": "completed", "fonts": [{"font_id": "f"}],
        "font_roles": {"body_text": {"font_id": "f", "weight": 400}, "title_text": null}, "logo_roles": null}}"""
    kit = decode(GetBrandKit("k"), 200, {}, body)
    assert kit.font_roles is not None
    assert (kit.font_roles.body_text, kit.font_roles.title_text) == (BrandKitFontRole("f", 400), None)
    assert (kit.logo_roles, kit.color_roles) == (None, None)


async def test_a_kit_is_made_changed_listed_and_deleted(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.brand_kits.create(url="https://example.com", name="House")
    assert repr(heygen).endswith("renders 0/10, 0 waiting>")
    assert (await heygen.brand_kits.get(job.id)).status == "loading"
    kit = await clock.drive(job.wait())
    assert (kit.name, kit.status, len(kit.colors)) == ("House", "completed", 5)
    assert clock.now() < 100  # nobody waits for a link that never comes
    fonts = BrandFonts(title_text=CLEAR, body_text=BrandFont(weight=CLEAR))
    emptied = await heygen.brand_kits.update(
        job.id, color_roles=BrandColors(accent=CLEAR), font_roles=fonts, logo_roles=BrandLogos(primary=CLEAR)
    )
    assert emptied.color_roles is not None
    assert (emptied.color_roles.accent, emptied.color_roles.primary is None) == (None, False)
    assert emptied.font_roles is not None
    assert emptied.font_roles.title_text is None
    assert emptied.font_roles.body_text is not None
    assert emptied.font_roles.body_text.weight is None
    assert emptied.logo_roles is None or emptied.logo_roles.primary is None
    changed = await heygen.brand_kits.update(job.id, name="Ours", color_roles=BrandColors(primary="#112233"))
    assert changed.color_roles is not None
    assert (changed.name, changed.color_roles.primary) == ("Ours", "#112233")
    assert [one.name async for one in heygen.brand_kits.list()] == ["Ours"]
    assert await clock.drive(heygen.brand_kits.job(job.id).wait()) == changed
    assert (await heygen.brand_kits.delete(job.id)).brand_kit_id == job.id
    with pytest.raises(NotFound):
        await heygen.brand_kits.delete(job.id)


async def test_a_kit_is_no_file_and_says_what_there_is_instead(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await heygen.brand_kits.create(url="https://example.com")
    with pytest.raises(DownloadFailed, match=r"completed, and there is no file of it: await the job .* heygen\.fetch"):
        await clock.drive(job.download(tmp_path / "kit.zip"))
    assert [*tmp_path.iterdir()] == []


async def test_a_kit_of_an_unreadable_site_fails(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/brand-kits"))
    job = await heygen.brand_kits.create(url="https://example.com")
    with pytest.raises(JobFailed):
        await clock.drive(job.wait())


async def test_the_same_key_makes_one_kit(heygen: HeyGen, emulator: Emulator) -> None:
    jobs = [await heygen.brand_kits.create(url="https://example.com", idempotency_key="k") for _ in range(2)]
    assert len({job.id for job in jobs}) == 1
