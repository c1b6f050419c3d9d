"""Templates: videos with variables, and `heygen.templates`.

Fields, bounds and rules are those of https://developers.heygen.com/reference/generate-video-from-template.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from attrs import field, frozen

from heygen_async.api.compositions import SceneDetail, TemplateAudioTrack
from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.template_variables import Named, TemplateVariable, VariableBinding, filled
from heygen_async.api.videos import VIDEO, Video
from heygen_async.errors import Problem
from heygen_async.operation import (
    DELETE,
    GET,
    PATCH,
    POST,
    PUT,
    Answer,
    Body,
    JobRequest,
    Keyed,
    PageRequest,
    Request,
)
from heygen_async.resource import Resource, call, pages, submit
from heygen_async.rules import IDENTIFIER, Between, Length, Web, rule

__all__ = [
    "CreateTemplate",
    "DeleteTemplate",
    "GenerateTemplateVideo",
    "GetTemplate",
    "ListTemplates",
    "SubtitlePosition",
    "SubtitleStyle",
    "Template",
    "TemplateComposition",
    "TemplateDetail",
    "TemplateScene",
    "TemplateSceneVariable",
    "TemplateSize",
    "TemplateVariables",
    "Templates",
    "UpdateTemplate",
    "UpdateTemplateVariables",
]

_SIDE = Between(128, 4096, whole=True)


@frozen
class Template(Answer):
    """A template in a list."""

    id: str
    name: str = ""
    aspect_ratio: str | None = None
    """Such as ``16:9``."""

    thumbnail_url: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    updated_at: int | None = None
    """Unix seconds."""


@frozen
class TemplateComposition(Answer):
    """What a template is composed of."""

    scenes: Sequence[SceneDetail] = ()
    """In their order. The ids of their elements are what variables are bound to."""

    background_audio: Sequence[TemplateAudioTrack] = ()
    """What is heard behind everything."""


@frozen
class TemplateSceneVariable(Answer):
    """A variable that occurs in a scene."""

    name: str = ""
    variable_type: str = ""


@frozen
class TemplateScene(Answer):
    """A scene as older answers have it; `TemplateComposition.scenes` says more."""

    scene_id: str
    script: str | None = None
    """What is said, with ``{{name}}`` in it."""

    variables: Sequence[TemplateSceneVariable] = ()


@frozen
class TemplateDetail(Template):
    """A template with its variables and scenes."""

    variables: Mapping[str, Any] = field(factory=dict)
    """What can be filled in, by name, with what is there now, as HeyGen writes it: `Templates.generate` takes it too.
    These are no defaults: a text variable that is not given is spoken as ``{{name}}``."""

    composition: TemplateComposition | None = None
    edit_version: str | None = None
    """Another one whenever the template was edited; see `TemplateVariables.update`."""

    scene_ids: Sequence[str] = ()
    """In their order."""

    source_video_id: str | None = None
    """The video that it was made from."""

    scenes: Sequence[TemplateScene] = ()
    """HeyGen is leaving this field behind: `composition` says more."""


@frozen
class GetTemplate(Request[TemplateDetail]):
    """One template, with its variables and scenes."""

    endpoint = GET("/v3/templates/{template_id}")
    template_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListTemplates(PageRequest[Template]):
    """The account's templates."""

    endpoint = GET("/v3/templates")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen(kw_only=True)
class CreateTemplate(Keyed, Request[TemplateDetail]):
    """Make a template of a video of the account. Then declare its variables with `TemplateVariables.update`.

    Raises `NotFound`, and `BadRequest` (``template_source_unsupported``) for a video that cannot be one.
    """

    endpoint = POST("/v3/templates", since="2026-10")
    video_id: str = field(metadata=rule(IDENTIFIER))
    """The video that becomes a template."""

    name: str | None = None
    """What it is called."""


@frozen
class UpdateTemplate(Request[TemplateDetail]):
    """Rename a template."""

    endpoint = PATCH("/v3/templates/{template_id}", since="2026-10")
    template_id: str = field(metadata=rule(IDENTIFIER))
    name: str = field(kw_only=True, metadata=rule(Length(1, 1000)))
    """What it is called from now on."""


@frozen
class DeleteTemplate(Request[ConfirmedDeletion]):
    """Delete a template. The videos made with it stay; the second time answers 404."""

    endpoint = DELETE("/v3/templates/{template_id}", since="2026-10")
    template_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class UpdateTemplateVariables(Request[TemplateDetail]):
    """Declare the variables of a template: all of them, those that are left out are gone.

    Raises `Conflict` (``stale_edit_version``) when the template is not what `expected_edit_version` says.
    """

    endpoint = PUT("/v3/templates/{template_id}/variables", since="2026-10")
    template_id: str = field(metadata=rule(IDENTIFIER))
    variables: Mapping[str, VariableBinding] = field(kw_only=True, metadata=rule(Named()))
    """What each stands for, by name."""

    expected_edit_version: str | None = field(default=None, kw_only=True)
    """`TemplateDetail.edit_version` as you read it, so that nobody's edits are lost; ``None``: whatever is there."""


@frozen(kw_only=True)
class TemplateSize(Body):
    """The size of a picture, in the shape that the template has."""

    width: int = field(metadata=rule(_SIDE))
    """Pixels, even, 128 to 4,096."""

    height: int = field(metadata=rule(_SIDE))
    """Pixels, even, 128 to 4,096."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that both are even."""
        for name in ("width", "height"):
            if (side := getattr(self, name)) % 2:
                yield Problem(name, f"is {side}; it must be even")


@frozen(kw_only=True)
class SubtitlePosition(Body):
    """Where subtitles stand."""

    x: float | None = None
    """In HeyGen's own measure: its document names no unit."""

    y: float | None = None
    """As `x`."""


@frozen(kw_only=True)
class SubtitleStyle(Body):
    """How burned-in subtitles look. ``None`` leaves it to the preset."""

    preset_name: str = field(metadata=rule(IDENTIFIER))
    """Such as ``classic``, ``bold`` or ``bright``."""

    alignment: int | None = None
    """HeyGen's default is 2."""

    disable_highlight: bool | None = None
    """Whether the word that is being said stays as the others are."""

    font_size: int | None = None
    """In HeyGen's own measure: its document names no unit."""

    position: SubtitlePosition | None = None
    """``None``: where the preset has them."""


@frozen
class GenerateTemplateVideo(Keyed, JobRequest[Video, Video]):
    """Make a video with a template.

    A text variable that is not given is spoken as ``{{name}}``; any other keeps what the template has.
    """

    endpoint = POST("/v3/templates/{template_id}")
    kind = VIDEO
    template_id: str = field(metadata=rule(IDENTIFIER))
    variables: Mapping[str, TemplateVariable] = field(kw_only=True, converter=filled)
    """What each variable is filled with, by name: text as it is, all else as a `TemplateVariable`."""

    title: str | None = field(default=None, kw_only=True, metadata=rule(Length(0, 1000)))
    """Shown in HeyGen's application, and the name of the downloaded file."""

    scene_ids: Sequence[str] | None = field(default=None, kw_only=True)
    """Which scenes, in which order; one may come twice. ``None``: all, as they are in the template."""

    dimension: TemplateSize | None = field(default=None, kw_only=True)
    """How large it is; ``None``: as the template."""

    fps: Literal[25, 30, 60] | None = field(default=None, kw_only=True)
    """Pictures a second; HeyGen's default is 25."""

    caption: bool | None = field(default=None, kw_only=True)
    """Whether captions are burned in; HeyGen's default is false."""

    subtitles: SubtitleStyle | None = field(default=None, kw_only=True)
    """How they look; with it, captions are burned in."""

    reorder_music: bool | None = field(default=None, kw_only=True)
    """Whether music goes with its scenes, or stays at its time; HeyGen's default is true."""

    keep_text_vertically_centered: bool | None = field(default=None, kw_only=True)
    """Whether text that is longer or shorter than the template's stays in the middle."""

    enable_sharing: bool | None = field(default=None, kw_only=True)
    """Whether everybody may see the page of the video; HeyGen's default is false."""

    include_gif: bool | None = field(default=None, kw_only=True)
    """Whether the webhook's delivery has an animated preview."""

    brand_glossary_id: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))
    """How words are spoken; from `BrandGlossaries.list`."""

    brand_voice_id: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))
    """HeyGen's old name for `brand_glossary_id`."""

    folder_id: str | None = field(default=None, kw_only=True)
    """Where it goes; ``None``: to the root."""

    callback_url: str | None = field(default=None, kw_only=True, metadata=rule(Web()))
    """Where HeyGen calls when the video is ready."""

    callback_id: str | None = field(default=None, kw_only=True)
    """Comes back in that call."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that the glossary has one name."""
        if self.brand_glossary_id is not None and self.brand_voice_id is not None:
            yield Problem("brand_voice_id", "is the old name of brand_glossary_id; give one of them")

    @staticmethod
    def job_id(receipt: Video) -> str:
        """Find the video's id."""
        return receipt.id


class TemplateVariables(Resource):
    """``heygen.templates.variables``: what can be filled in."""

    update = call(UpdateTemplateVariables)


class Templates(Resource):
    """``heygen.templates``: videos with variables."""

    create = call(CreateTemplate)
    get = call(GetTemplate)
    update = call(UpdateTemplate)
    delete = call(DeleteTemplate)
    generate = submit(GenerateTemplateVideo)
    list = pages(ListTemplates)

    @property
    def variables(self) -> TemplateVariables:
        """What can be filled in."""
        return TemplateVariables(self._wire)
