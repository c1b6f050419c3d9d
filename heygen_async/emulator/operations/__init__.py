"""The operations that the emulator answers, by the groups of the API."""

from heygen_async.emulator.operations.ai_clipping import ai_clipping
from heygen_async.emulator.operations.assets import assets
from heygen_async.emulator.operations.audio import audio
from heygen_async.emulator.operations.avatars import avatars
from heygen_async.emulator.operations.background_removals import background_removals
from heygen_async.emulator.operations.batches import batches
from heygen_async.emulator.operations.brand_glossaries import brand_glossaries
from heygen_async.emulator.operations.brand_kits import brand_kits
from heygen_async.emulator.operations.direct_uploads import direct_uploads
from heygen_async.emulator.operations.filler_word_removals import filler_word_removals
from heygen_async.emulator.operations.folders import folders
from heygen_async.emulator.operations.lipsyncs import lipsyncs
from heygen_async.emulator.operations.looks import looks
from heygen_async.emulator.operations.model_audio import model_audio
from heygen_async.emulator.operations.model_images import model_images
from heygen_async.emulator.operations.model_videos import model_videos
from heygen_async.emulator.operations.proofreads import proofreads
from heygen_async.emulator.operations.scenes import scenes
from heygen_async.emulator.operations.templates import templates
from heygen_async.emulator.operations.translations import translations
from heygen_async.emulator.operations.users import users
from heygen_async.emulator.operations.video_agents import video_agents
from heygen_async.emulator.operations.videos import videos
from heygen_async.emulator.operations.voices import voices
from heygen_async.emulator.operations.webhooks import webhooks

__all__ = ["OPERATIONS"]

OPERATIONS = (
    *videos,
    *batches,
    *assets,
    *direct_uploads,
    *audio,
    *folders,
    *avatars,
    *looks,
    *voices,
    *users,
    *lipsyncs,
    *proofreads,
    *translations,
    *ai_clipping,
    *background_removals,
    *filler_word_removals,
    *scenes,
    *templates,
    *brand_glossaries,
    *brand_kits,
    *model_audio,
    *model_images,
    *model_videos,
    *video_agents,
    *webhooks,
)
"""All of them."""
