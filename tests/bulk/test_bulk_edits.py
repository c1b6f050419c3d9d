"""The input is edited between two runs: each row is known again by what it asks for."""

from pathlib import Path

import pytest
from lives import Life
from runs import PNG, client, outcomes_of, paid, statuses, talking, video, videos

from heygen_async import AvatarVideo, Row
from heygen_async.bulk.work import Token

pytestmark = pytest.mark.anyio


# The input is edited.


async def test_new_rows_are_added_changed_rows_are_new_work_and_removed_rows_are_left(life: Life) -> None:
    before = [*videos(3), video("Last")]
    await life.run(before)
    changed = AvatarVideo(avatar_id=before[1].avatar_id, script="Something else", title="Video 1")
    outcomes = await life.run([before[0], changed, video("New"), before[2]])
    assert {str(outcome.path and outcome.path.name): outcome.status for outcome in outcomes} == {
        "Video 0.mp4": "kept",
        "Video 1 (2).mp4": "done",
        "New.mp4": "done",
        "Video 2.mp4": "kept",
    }
    assert {entry.file for entry in life.last.removed} == {"Video 1.mp4", "Last.mp4"}
    assert set(life.films) == {"Video 0.mp4", "Video 1.mp4", "Video 1 (2).mp4", "Video 2.mp4", "Last.mp4", "New.mp4"}
    assert paid(life.emulator) == 6


async def test_rows_keep_their_files_when_those_before_them_go(life: Life) -> None:
    same = [AvatarVideo(avatar_id=video().avatar_id, script=script, title="Same") for script in ("One", "Two")]
    await life.run(same)
    (outcome,) = await life.run(same[1:])
    assert (outcome.status, outcome.path) == ("kept", life.into / "Same (2).mp4")


async def test_equal_rows_are_as_many_videos(life: Life) -> None:
    await life.run([video("Same")] * 3)
    assert statuses(await life.run([video("Same")] * 4)) == {"kept": 3, "done": 1}
    assert set(life.films) == {"Same.mp4", "Same (2).mp4", "Same (3).mp4", "Same (4).mp4"}


async def test_a_picture_counts_with_what_is_in_it(life: Life, tmp_path: Path) -> None:
    picture = tmp_path / "face.png"
    picture.write_bytes(PNG)
    await life.run([talking(picture)])
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    picture.rename(moved / "face.png")
    assert statuses(await life.run([talking(moved / "face.png")])) == {"kept": 1}
    (moved / "face.png").write_bytes(PNG + b"another")
    assert statuses(await life.run([talking(moved / "face.png")])) == {"done": 1}


async def test_the_line_and_the_title_of_a_row_are_kept_up_to_date(life: Life) -> None:
    await life.die([Row(video("One"), line=7)], lambda: len(life.last.jobs) == 1)
    await life.run([Row(video("One"), line=9)])
    async with life.opened() as journal:
        (entry,) = journal.entries.values()
    assert (entry.line, entry.title, entry.size, entry.state) == (9, "One", 3000, "downloaded")
    times = entry.intended_at, entry.sent_at, entry.accepted_at, entry.rendered_at, entry.ended_at
    assert list(times) == sorted(time for time in times if time is not None)


# Titles.


async def test_titles_end_in_a_token_and_files_do_not(life: Life) -> None:
    rows = [video("One"), video(), video("x" * 1000)]
    await life.run(rows)
    titles = [each.title for each in life.emulator.account.videos.values()]
    tokens = [Token.find(title) for title in titles]
    assert None not in tokens
    assert len({token.work for token in tokens if token}) == 3
    bare = min(titles, key=len)
    assert bare == str(Token.find(bare))
    assert max(map(len, titles)) == 1000
    assert set(life.films) == {"One.mp4", "video-0002.mp4", "x" * 196 + ".mp4"}
    async with client(life.emulator) as heygen:
        await life.clock.drive(outcomes_of(heygen.bulk([video("Plain")], into=life.into)))
    assert [each.title for each in life.emulator.account.videos.values()][-1] == "Plain"
