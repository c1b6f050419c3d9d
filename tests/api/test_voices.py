import pytest

from heygen_async.api.voices import GetVoice, ListVoices, Voice, VoiceDetail
from heygen_async.codec import decode, encode
from heygen_async.errors import RequestInvalid


def test_a_voice_is_read_alone_and_in_a_list() -> None:
    alone = b'{"data": {"voice_id": "v", "status": "complete"}}'
    assert decode(GetVoice("v"), 200, {}, alone) == VoiceDetail("v", status="complete")
    listed = b'{"data": [{"voice_id": "v", "language": "English", "support_pause": true}]}'
    page = decode(ListVoices(), 200, {}, listed)
    assert list(page.items) == [Voice("v", language="English", support_pause=True)]


def test_voices_are_chosen_by_kind_language_and_gender() -> None:
    query = encode(ListVoices(type="private", language="English", gender="female", engine="starfish", limit=100)).query
    assert query == (
        ("type", "private"),
        ("engine", "starfish"),
        ("language", "English"),
        ("gender", "female"),
        ("limit", "100"),
    )


def test_a_page_of_voices_has_up_to_a_hundred() -> None:
    with pytest.raises(RequestInvalid, match="limit: is 0; it must lie between 1 and 100"):
        ListVoices(limit=0)
