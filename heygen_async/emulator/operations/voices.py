"""Read and list voices."""

from heygen_async.api.voices import GetVoice, ListVoices, Voice, VoiceDetail
from heygen_async.emulator import views
from heygen_async.emulator.account import Speaker
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["voices"]

voices = Clerk()


@voices.answers(GetVoice)
async def read(visit: Visit, request: GetVoice) -> VoiceDetail:
    """Show a voice."""
    return views.voice_detail(visit, visit.account.voice(request.voice_id))


@voices.answers(ListVoices)
async def listed(visit: Visit, request: ListVoices) -> Page[Voice]:
    """Show voices. All of them are public; the account has none of its own."""
    found = (one for one in reversed(visit.account.voices.values()) if _wanted(one, request))
    page = page_of(found, request.limit or 20, request.token, place_of)
    return Page([views.voice(visit, one) for one in page.items], page.has_more, page.next_token)


def _wanted(voice: Speaker, request: ListVoices) -> bool:
    return (
        request.type != "private"
        and request.engine in {None, voice.engine}
        and (request.language or voice.language).lower() in {voice.language.lower(), voice.tag.lower()}
        and (request.gender or voice.gender).lower() == voice.gender
    )
