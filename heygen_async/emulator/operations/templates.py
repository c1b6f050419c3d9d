"""Make templates of videos, declare what can be filled in, and make videos with them."""

from collections.abc import Sequence
from functools import partial

from attrs import evolve

from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.templates import (
    CreateTemplate,
    DeleteTemplate,
    GenerateTemplateVideo,
    GetTemplate,
    ListTemplates,
    Template,
    TemplateComposition,
    TemplateDetail,
    TemplateScene,
    TemplateSceneVariable,
    UpdateTemplate,
    UpdateTemplateVariables,
)
from heygen_async.api.videos import AvatarVideo, ImageVideo, StudioVideo, Video
from heygen_async.emulator import media, views
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.compositions import PLACEHOLDER, Scenic, parts_of, scenes_of
from heygen_async.emulator.moulds import Mould
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.screenplay import Frame, Screenplay, making_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.works import Order, Production
from heygen_async.operation import Page

__all__ = ["templates"]

templates = Clerk()


@templates.answers(CreateTemplate)
async def create(visit: Visit, request: CreateTemplate) -> TemplateDetail:
    """Make a template of a video."""
    video = visit.account.video(request.video_id)
    source = video.request
    if video.stage(visit.now) == "failed" or not isinstance(source, AvatarVideo | ImageVideo | StudioVideo):
        raise Refusal(400, "template_source_unsupported", f"No template can be made of video {video.id}")
    mould = Mould(
        name=request.name or video.title,
        source_video_id=video.id,
        original=source,
        created_at=visit.unix,
        updated_at=visit.unix,
    )
    return _shown(visit, visit.account.shelf(Mould).add(mould))


@templates.answers(GetTemplate)
async def read(visit: Visit, request: GetTemplate) -> TemplateDetail:
    """Show a template."""
    return _shown(visit, visit.account.shelf(Mould).find(request.template_id))


@templates.answers(ListTemplates)
async def listed(visit: Visit, request: ListTemplates) -> Page[Template]:
    """Show the account's templates, the newest first."""
    page = page_of(visit.account.shelf(Mould).newest(), request.limit or 10, request.token, place_of)
    return Page([_in_list(visit, mould) for mould in page.items], page.has_more, page.next_token)


@templates.answers(UpdateTemplate)
async def rename(visit: Visit, request: UpdateTemplate) -> TemplateDetail:
    """Rename a template."""
    mould = visit.account.shelf(Mould).find(request.template_id)
    mould.name, mould.updated_at = request.name, visit.unix
    return _shown(visit, mould)


@templates.answers(DeleteTemplate)
async def delete(visit: Visit, request: DeleteTemplate) -> ConfirmedDeletion:
    """Delete a template."""
    return ConfirmedDeletion(visit.account.shelf(Mould).drop(request.template_id).id)


@templates.answers(UpdateTemplateVariables)
async def declare(visit: Visit, request: UpdateTemplateVariables) -> TemplateDetail:
    """Declare the variables of a template, unless it was edited meanwhile."""
    mould = visit.account.shelf(Mould).find(request.template_id)
    if request.expected_edit_version not in {None, str(mould.edits)}:
        raise Refusal(409, "stale_edit_version", f"Template {mould.id} has been edited; read it again")
    mould.declare(request.variables, visit.unix)
    return _shown(visit, mould)


@templates.answers(GenerateTemplateVideo)
async def generate(visit: Visit, request: GenerateTemplateVideo) -> Video:
    """Begin a video with what is filled in."""
    mould = visit.account.shelf(Mould).find(request.template_id)
    places = mould.places(request.scene_ids)
    wanted = evolve(
        _chosen(mould.filled(request.variables), places),
        title=request.title or mould.name,
        folder_id=request.folder_id,
        callback_url=request.callback_url,
        callback_id=request.callback_id,
        brand_glossary_id=request.brand_glossary_id or request.brand_voice_id,
    )
    play = _directed(await visit.service.casting.cast(wanted), request, mould, len(places))
    order = Order(Production, wanted, cost=play.price, expected=play.charged_by, making=making_of(play))
    return views.video(visit, visit.undertake(order))


def _chosen(request: Scenic, places: Sequence[int]) -> Scenic:
    """Take the scenes of these places."""
    if not isinstance(request, StudioVideo):
        return request
    return evolve(request, scenes=[request.scenes[at] for at in places])


def _directed(play: Screenplay, request: GenerateTemplateVideo, mould: Mould, scenes: int) -> Screenplay:
    """Change a screenplay as the request says. Raises `Refusal`."""
    captions = bool(request.caption) or request.subtitles is not None
    return evolve(
        play,
        shots=play.shots if len(play.shots) == scenes else play.shots * scenes,  # the only scene may come twice
        frame=_frame(play.frame, request, mould),
        captions=play.captions or captions,
        burn_captions=play.burn_captions or captions,
        fps=request.fps or play.fps,
    )


def _frame(frame: Frame, request: GenerateTemplateVideo, mould: Mould) -> Frame:
    size = request.dimension
    if size is None:
        return frame
    wide, high = frame.ratio or (size.width, size.height)
    if abs(size.width * high - size.height * wide) > 2 * max(wide, high):  # sides are even, so not every size fits
        raise invalid("dimension", f"The template has the aspect ratio {_ratio(mould)}")
    return Frame(min(size.width, size.height), (size.width, size.height))


def _ratio(mould: Mould) -> str:
    return mould.original.aspect_ratio or "16:9"


def _in_list(visit: Visit, mould: Mould) -> Template:
    return Template(
        id=mould.id,
        name=mould.name,
        aspect_ratio=_ratio(mould),
        thumbnail_url=visit.exhibit(f"template-{mould.id}", ".png", partial(media.portrait, mould.id, 640, 360)),
        created_at=mould.created_at,
        updated_at=mould.updated_at,
    )


def _shown(visit: Visit, mould: Mould) -> TemplateDetail:
    request, short = mould.worded, _in_list(visit, mould)
    return TemplateDetail(
        id=short.id,
        name=short.name,
        aspect_ratio=short.aspect_ratio,
        thumbnail_url=short.thumbnail_url,
        created_at=short.created_at,
        updated_at=short.updated_at,
        variables={name: mould.current(name) for name in mould.bindings},
        composition=TemplateComposition(scenes=scenes_of(visit, mould.id, request, mould.bound)),
        edit_version=str(mould.edits),
        scene_ids=mould.scene_ids,
        source_video_id=mould.source_video_id,
        scenes=_older(mould, request),
    )


def _older(mould: Mould, request: Scenic) -> Sequence[TemplateScene]:
    """Show the scenes as HeyGen did before it had compositions: with their texts, and the variables in them."""
    shown = []
    for scene_id, part in zip(mould.scene_ids, parts_of(request), strict=True):
        names = dict.fromkeys(PLACEHOLDER.findall(part.script or ""))
        shown.append(TemplateScene(scene_id, part.script, [TemplateSceneVariable(name, "text") for name in names]))
    return shown
