"""HeyGen Image: pictures of a person after another picture; ``heygen.models.images``."""

from collections.abc import Sequence
from typing import Literal

from attrs import field, frozen

from heygen_async.api.media import PICTURE, FileInput
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import GET, POST, Answer, JobKind, JobRequest, Keyed, Part, Report, Request
from heygen_async.resource import Resource, call, submit
from heygen_async.rules import IDENTIFIER, Between, Count, OneOf, rule

__all__ = ["CreateModelImages", "CreatedModelImages", "GetModelImages", "ModelImage", "ModelImages", "ModelPictures"]

RATIOS = OneOf("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9")


@frozen
class ModelImage(Answer):
    """One picture that was made."""

    image_id: str
    image_url: str = field(default="", repr=link_repr)
    """Signed address of the file. Each read of the job signs a new one."""

    width: int = 0
    """Pixels."""

    height: int = 0
    """Pixels."""

    seed: int = 0
    """What it was made with."""


@frozen
class ModelImages(Answer):
    """What came of asking for pictures."""

    generation_id: str
    status: str = ""
    """``pending``, ``completed``, ``failed`` or ``cancelled``; an open set."""

    model: str = ""
    num_images: int = 1
    """How many were asked for."""

    images: Sequence[ModelImage] = ()
    """All of them, once the last is there."""

    failure_code: str | None = None
    """Such as ``no_face_detected``."""

    failure_message: str | None = None
    created_at: int | None = None
    """Unix seconds."""


@frozen
class CreatedModelImages(Answer):
    """The receipt for pictures."""

    generation_id: str


@frozen
class GetModelImages(Request[ModelImages]):
    """The pictures of one call, with freshly signed links once all are made."""

    endpoint = GET("/v3/models/images/{generation_id}", since="2026-11")
    generation_id: str = field(metadata=rule(IDENTIFIER))


def _report(made: ModelImages) -> Report:
    parts = [Part(image.image_id, image.image_url) for image in made.images if image.image_url]
    link = parts[0].link if parts else None
    return Report(made.status, made.failure_code, made.failure_message, link, parts=parts)


MODEL_IMAGES = JobKind("picture", get=GetModelImages, report=_report)
"""How pictures are followed."""


@frozen(kw_only=True)
class CreateModelImages(Keyed, JobRequest[CreatedModelImages, ModelImages]):
    """Make one to five portraits of a person that look like another picture: its clothes, pose and background."""

    endpoint = POST("/v3/models/images", status=202, since="2026-11")
    kind = MODEL_IMAGES
    model: Literal["heygen-image-1"] = field(metadata=rule(OneOf("heygen-image-1")))
    """HeyGen has one."""

    identity_images: Sequence[FileInput] = field(metadata=rule(Count(1, 5, PICTURE)))
    """Who it is: one to five pictures, one face in each."""

    reference_images: Sequence[FileInput] = field(metadata=rule(Count(1, 1, PICTURE)))
    """What it is to look like, as a list of one."""

    mode: str | None = None
    """``identity_remix``, HeyGen's default and only one."""

    num_images: int | None = field(default=None, metadata=rule(Between(1, 5, whole=True)))
    """1, HeyGen's default, to 5."""

    aspect_ratio: Literal["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9"] | None = field(
        default=None, metadata=rule(RATIOS)
    )
    """``None``: that of the reference."""

    seed: int | None = None
    """Of the first picture; each further one has the next number. ``None``: any."""

    @staticmethod
    def job_id(receipt: CreatedModelImages) -> str:
        """Find the id of the job."""
        return receipt.generation_id


class ModelPictures(Resource):
    """``heygen.models.images``: pictures of a person. `Job.download` brings all to a folder, the first to a file."""

    create = submit(CreateModelImages)
    get = call(GetModelImages)

    def job(self, generation_id: str) -> Job[ModelImages]:
        """Pick up pictures that are being made, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(MODEL_IMAGES, generation_id)
