import pytest
from recorder import Recorder

from heygen_async.api.audio import Audio, ListSounds, Sound
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page

pytestmark = pytest.mark.anyio


async def test_sounds_are_found() -> None:
    sounds = [Sound("s1", "Calm piano", score=0.9), Sound("s2")]
    wire = Recorder([Page(sounds[:1], has_more=True, next_token="t"), Page(sounds[1:])])
    asked = Audio(wire).sounds.list(query="piano", type="music", min_score=0.5, limit=1)
    assert [sound async for sound in asked] == sounds
    assert wire.sent == [
        ListSounds(query="piano", type="music", min_score=0.5, limit=1),
        ListSounds(query="piano", type="music", min_score=0.5, limit=1, token="t"),
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"query": ""}, "query: must not be empty"),
        ({"query": "q", "type": "speech"}, "type: is 'speech'; it must be one of music, sound_effects"),
        ({"query": "q", "min_score": 1.1}, "min_score: is 1.1"),
        ({"query": "q", "limit": 51}, "limit: is 51; it must lie between 1 and 50"),
    ],
)
def test_what_is_wrong_with_a_search_is_told(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        ListSounds(**fields)  # type: ignore[arg-type]  # that is what is tested
