from recorder import Recorder

from heygen_async.api.model_audio import ModelAudio
from heygen_async.api.model_images import ModelPictures
from heygen_async.api.model_videos import ModelVideos
from heygen_async.api.models import Models


def test_the_models_are_three_rooms_over_one_client() -> None:
    wire = Recorder()
    models = Models(wire)
    rooms = (models.audio, models.images, models.videos)
    assert [type(room) for room in rooms] == [ModelAudio, ModelPictures, ModelVideos]
    assert {id(room._wire) for room in rooms} == {id(wire)}
