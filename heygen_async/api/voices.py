"""Voices: who can speak a script, and ``heygen.voices``."""

from typing import Literal

from attrs import field, frozen

from heygen_async.operation import GET, Answer, PageRequest, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import Between, Length, OneOf, rule

__all__ = ["GetVoice", "ListVoices", "Voice", "VoiceDetail", "Voices"]


@frozen
class Voice(Answer):
    """A voice in a list."""

    voice_id: str
    """What a video names it by."""

    name: str = ""
    language: str = ""
    """In words, such as ``English``."""

    gender: str = ""
    type: str = ""
    """``public`` or ``private``."""

    preview_audio_url: str | None = None
    support_locale: bool = False
    """Whether `VoiceSettings.locale` changes its accent."""

    support_pause: bool = False
    """Whether it takes pauses in the script."""


@frozen
class VoiceDetail(Answer):
    """One voice, with its clone status."""

    voice_id: str
    name: str | None = None
    language: str | None = None
    gender: str | None = None
    status: str | None = None
    """``processing``, ``complete`` or ``failed`` for a clone; an open set."""

    failure_message: str | None = None
    preview_audio_url: str | None = None
    support_pause: bool = False
    support_interactive_avatar: bool = False
    created_at: int | None = None
    """Unix seconds."""


@frozen
class GetVoice(Request[VoiceDetail]):
    """One voice, with its clone status."""

    endpoint = GET("/v3/voices/{voice_id}")
    voice_id: str = field(metadata=rule(Length(1, 255)))


@frozen(kw_only=True)
class ListVoices(PageRequest[Voice]):
    """The voices that can be used."""

    endpoint = GET("/v3/voices")
    type: Literal["public", "private"] | None = field(default=None, metadata=rule(OneOf("public", "private")))
    """``private`` are the account's own; HeyGen's default is ``public``."""

    engine: str | None = None
    language: str | None = None
    """In words, such as ``English``."""

    gender: str | None = None
    """``male`` or ``female``."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


class Voices(Resource):
    """``heygen.voices``: choose who speaks."""

    get = call(GetVoice)
    list = pages(ListVoices)
