"""A row is known again, by its name and by the token in its title."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from runs import PNG, talking, video

from heygen_async import AvatarVideo, Caption, CinematicVideo, StudioVideo
from heygen_async.api.scenes import AvatarScene, SceneAvatar
from heygen_async.bulk.work import Token, Works, short


def name(request: Any) -> str:
    return Works().name(request)


def test_the_same_request_has_the_same_name_and_equal_rows_are_told_apart() -> None:
    works = Works()
    first, second, third = works.name(video("One")), works.name(video("One")), works.name(video("Two"))
    assert first.endswith(".1")
    assert second == first.removesuffix(".1") + ".2"
    assert third.endswith(".1")
    assert third != first
    assert name(video("One")) == first


def test_names_last_from_version_to_version() -> None:
    """A name that changes makes finished rows new work, to be paid for once more."""
    assert name(AvatarVideo(avatar_id="a", script="b")) == "aa2f4a8af811bda8d706668a329dab75.1"


def test_every_field_counts_also_inside_and_beside() -> None:
    requests: list[Any] = [
        video("One"),
        video("One", caption=Caption()),
        video("One", extra={"new": 1}),
        video("One", extra={"new": [1, None]}),
        video(),
        CinematicVideo(avatar_id=["a"], prompt="b"),
        CinematicVideo(avatar_id=["a", "c"], prompt="b"),
        StudioVideo(scenes=[AvatarScene(input=SceneAvatar(avatar_id="a", script="b"))]),
    ]
    assert len({name(request) for request in requests}) == len(requests)


def test_a_file_counts_with_its_content_and_is_read_once(tmp_path: Path) -> None:
    for each in ("a.png", "b.png"):
        (tmp_path / each).write_bytes(PNG)
    works, request = Works(), talking(tmp_path / "a.png")
    first = works.name(request)
    (tmp_path / "a.png").write_bytes(PNG + b"changed")
    assert works.name(request) == first.removesuffix(".1") + ".2"
    assert name(request) != first
    (tmp_path / "a.png").unlink()
    assert name(request) != first


@given(
    title=st.text(max_size=1000),
    work=st.text(st.characters(exclude_categories=[])),
    key=st.text(),
)
def test_a_token_is_found_in_the_title_it_was_put_on(title: str, work: str, key: str) -> None:
    token = Token.of("3f2a1c", work, key)
    titled = token.on(video(title)).title
    assert Token.find(titled) == token
    assert len(titled) <= 1000
    assert titled.startswith(title[:900])


def test_titles_of_others_have_no_token() -> None:
    assert [Token.find(title) for title in (None, "", "hg-1", "[hg-3f2a1c-1a2b3c4d5e-XXXX]")] == [None] * 4
    assert str(Token.of("3f2a1c", "w", "k")) == f"[hg-3f2a1c-{short('w', 10)}-{short('k', 4)}]"
    assert Token.of("3f2a1c", "w", "k").on(video()).title == str(Token.of("3f2a1c", "w", "k"))
