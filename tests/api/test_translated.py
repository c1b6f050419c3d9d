"""A translation as HeyGen reports it: what it says of its job, and where its file is."""

import pytest

from heygen_async.api.translated import VIDEO_TRANSLATION, GetVideoTranslationStatuses, VideoTranslation
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Report

VIDEO, SOUND = "https://files/talk.mp4", "https://files/talk.mp3"


@pytest.mark.parametrize(
    ("audio_only", "video_url", "audio_url", "link"),
    [
        (False, VIDEO, SOUND, VIDEO),
        (False, None, SOUND, None),
        (True, VIDEO, SOUND, SOUND),
        (True, VIDEO, None, VIDEO),
        (True, None, SOUND, SOUND),
        (None, VIDEO, SOUND, VIDEO),
        (None, None, SOUND, SOUND),
        (None, None, None, None),
    ],
)
def test_the_file_is_the_one_that_was_asked_for(
    audio_only: bool | None, video_url: str | None, audio_url: str | None, link: str | None
) -> None:
    made = VideoTranslation("t", "completed", None, None, None, audio_only, None, video_url, audio_url)
    assert VIDEO_TRANSLATION.report(made).link == link


def test_a_translation_reports_its_subtitles_and_why_it_failed() -> None:
    made = VideoTranslation("t", "failed", srt_caption_url="https://files/talk.srt", failure_message="No speech")
    assert VIDEO_TRANSLATION.report(made) == Report("failed", None, "No speech", None, "https://files/talk.srt")


def test_statuses_are_asked_of_something() -> None:
    GetVideoTranslationStatuses(batch_ids=["b"])
    with pytest.raises(RequestInvalid, match="one of video_translation_ids, batch_ids is needed"):
        GetVideoTranslationStatuses()
