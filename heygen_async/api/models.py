"""What HeyGen's own models make; ``heygen.models``."""

from heygen_async.api.model_audio import ModelAudio
from heygen_async.api.model_images import ModelPictures
from heygen_async.api.model_videos import ModelVideos
from heygen_async.resource import Resource

__all__ = ["Models"]


class Models(Resource):
    """``heygen.models``: speech and voices, pictures of a person, and scenes from a prompt."""

    @property
    def audio(self) -> ModelAudio:
        """Speech, and the voices for it."""
        return ModelAudio(self._wire)

    @property
    def images(self) -> ModelPictures:
        """Pictures of a person."""
        return ModelPictures(self._wire)

    @property
    def videos(self) -> ModelVideos:
        """Scenes from a prompt."""
        return ModelVideos(self._wire)
