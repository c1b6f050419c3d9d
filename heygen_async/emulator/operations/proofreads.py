"""Proofreads: the words of a translation as an SRT file, which can be replaced before the video is made."""

from pathlib import Path

from attrs import define, field

from heygen_async.api.deletions import Deleted
from heygen_async.api.proofreads import (
    CreatedProofreads,
    CreateProofread,
    DeleteProofread,
    GeneratedProofread,
    GenerateProofread,
    GetProofread,
    GetProofreadSrt,
    ListProofreads,
    Proofread,
    ProofreadSrt,
    UpdateProofreadSrt,
)
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.dubbing import Part, captions_of, check_glossary, price
from heygen_async.emulator.languages import language
from heygen_async.emulator.operations.translations import TranslationWork, making_of, rate
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.service import Visit
from heygen_async.emulator.shelf import fresh_id
from heygen_async.emulator.sources import path_of, write_whole
from heygen_async.emulator.threads import Threads
from heygen_async.emulator.wallet import PROOFREAD
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import Page

__all__ = ["ProofreadWork", "Scripts", "proofreads"]

proofreads = Clerk()

_SOURCE_LANGUAGE = "English"
"""What is spoken in a video, as long as nobody listens to it."""


@define(eq=False)
class Scripts:
    """The files of a proofread: texts, which are there at once."""

    folder: Path
    threads: Threads
    texts: dict[str, str]
    """SRT by the names of files: ``srt`` is the translation, ``original`` what is said in the source."""

    ready = True
    failure = None
    duration = 0.0
    _stem: str = field(factory=fresh_id)

    def ending(self, name: str) -> str | None:
        """Return ``.srt`` for what there is."""
        return ".srt" if name in self.texts else None

    async def file(self, name: str) -> Path | None:
        """Write a text to disk as it is now."""
        if name not in self.texts:
            return None
        path = self.folder / f"{self._stem}-{name}.srt"
        await self.threads.run(write_whole, path, self.texts[name].encode())
        return path

    async def made(self) -> None:
        """Return nothing: nothing had to be made."""

    def drop(self) -> None:
        """Do nothing, for the same reason."""


@define(eq=False, kw_only=True)
class ProofreadWork(Work[CreateProofread]):
    """The words of a video in one language."""

    noun = "proofread"
    missing = "resource_not_found"
    words = Words(pending="processing")
    takes_slot = False

    output_language: str
    part: Part
    scripts: Scripts

    def __attrs_post_init__(self) -> None:
        self.footage = self.scripts


@proofreads.answers(CreateProofread)
async def create(visit: Visit, request: CreateProofread) -> CreatedProofreads:
    """Begin all languages, or none."""
    service = visit.service
    check_glossary(visit, request)
    video = await service.materials.find(request.video, "clip", "video")
    part = Part(video, await service.seconds_of(video, "video"))
    original = await captions_of(visit, request.srt) or media.sample_subtitles(_SOURCE_LANGUAGE, part.seconds)
    orders = [_order(visit, request, language(name), part, original) for name in request.output_languages]
    begun = service.undertake(visit.path, *orders)
    return CreatedProofreads([work.id for work in begun], "processing")


def _order(visit: Visit, request: CreateProofread, spoken: str, part: Part, original: str) -> Order[ProofreadWork]:
    texts = {"srt": media.sample_subtitles(spoken, part.seconds), "original": original}
    scripts = Scripts(visit.service.folders.videos, visit.service.threads, texts)
    return Order(
        ProofreadWork,
        request,
        cost=price(PROOFREAD, part.seconds),
        fields={"output_language": spoken, "part": part, "scripts": scripts},
    )


@proofreads.answers(GetProofread)
async def read(visit: Visit, request: GetProofread) -> Proofread:
    """Show a proofread."""
    return _shown(visit, visit.account.shelf(ProofreadWork).find(request.proofread_id))


@proofreads.answers(ListProofreads)
async def listed(visit: Visit, request: ListProofreads) -> Page[Proofread]:
    """Show proofreads, the newest first."""
    page = page_of(visit.account.shelf(ProofreadWork).newest(), request.limit or 10, request.token, place_of)
    return Page([_shown(visit, work) for work in page.items], page.has_more, page.next_token)


@proofreads.answers(DeleteProofread)
async def delete(visit: Visit, request: DeleteProofread) -> Deleted:
    """Delete a proofread. Translations that were made from it stay."""
    work = visit.account.shelf(ProofreadWork).find(request.proofread_id)
    visit.account.drop(work, visit.now)
    return Deleted(work.id)


@proofreads.answers(GetProofreadSrt)
async def read_srt(visit: Visit, request: GetProofreadSrt) -> ProofreadSrt:
    """Show where the words are."""
    work = _completed(visit, request.proofread_id)
    return ProofreadSrt(visit.file(work, "srt") or "", visit.file(work, "original"))


@proofreads.answers(UpdateProofreadSrt)
async def update_srt(visit: Visit, request: UpdateProofreadSrt) -> Proofread:
    """Put other words in the place of the translation; an address that is out of reach changes nothing."""
    work = _completed(visit, request.proofread_id)
    work.scripts.texts["srt"] = await captions_of(visit, request.srt) or work.scripts.texts["srt"]
    return _shown(visit, work)


@proofreads.answers(GenerateProofread)
async def generate(visit: Visit, request: GenerateProofread) -> GeneratedProofread:
    """Begin the video of a proofread, with its words as they are now."""
    work = _completed(visit, request.proofread_id)
    begun = visit.undertake(_translation(work, request))
    begun.folder_id = work.folder_id
    return GeneratedProofread(begun.id, "processing")


def _translation(work: ProofreadWork, request: GenerateProofread) -> Order[TranslationWork]:
    part, spoken, audio_only = work.part, work.output_language, bool(request.translate_audio_only)
    treatment = media.Revoice(
        source=path_of(part.video),
        voice=media.Speech("", language=spoken),
        srt=work.scripts.texts["srt"],
        dynamic=bool(work.request.enable_video_stretching),
        captions=True,
    )
    fields = {"title": work.request.title, "input_language": _SOURCE_LANGUAGE, "output_language": spoken}
    return Order(
        TranslationWork,
        request,
        cost=price(rate(work.request.mode, audio_only=audio_only), part.seconds),
        making=making_of(treatment, part.seconds, spoken),
        fields=fields | {"audio_only": audio_only},
    )


def _completed(visit: Visit, proofread_id: str) -> ProofreadWork:
    """Find a proofread whose words are there. Raises `Refusal`: 404, 409 before, 400 where it has failed."""
    work = visit.account.shelf(ProofreadWork).find(proofread_id)
    match work.stage(visit.now):
        case "completed":
            return work
        case "failed":
            raise Refusal(400, "invalid_parameter", f"Proofread {work.id} has failed", param="proofread_id")
        case _:
            raise Refusal(409, "resource_not_ready", f"Proofread {work.id} is still being processed. Retry shortly.")


def _shown(visit: Visit, work: ProofreadWork) -> Proofread:
    return Proofread(
        id=work.id,
        status=work.status(visit.now),
        title=work.request.title,
        input_language=_SOURCE_LANGUAGE,
        output_language=work.output_language,
        submitted_for_review=False,
        created_at=work.created_at,
        failure_message=work.failure.message if work.failure else None,
    )
