# What type checkers and editors see of the package. Written by `docs/write_contents.py`; do not edit.

from heygen_async import api as api
from heygen_async import bulk as bulk
from heygen_async import client as client
from heygen_async import clock as clock
from heygen_async import codes as codes
from heygen_async import errors as errors
from heygen_async import eta as eta
from heygen_async import job as job
from heygen_async import legacy as legacy
from heygen_async import operation as operation
from heygen_async import options as options
from heygen_async import version as version
from heygen_async import webhooks as webhooks
from heygen_async.api.agent_sessions import *
from heygen_async.api.ai_clipping import *
from heygen_async.api.assets import *
from heygen_async.api.audio import *
from heygen_async.api.avatars import *
from heygen_async.api.background_removals import *
from heygen_async.api.batches import *
from heygen_async.api.bodies import *
from heygen_async.api.brand_glossaries import *
from heygen_async.api.brand_kits import *
from heygen_async.api.compositions import *
from heygen_async.api.deletions import *
from heygen_async.api.direct_uploads import *
from heygen_async.api.dubbing import *
from heygen_async.api.engines import *
from heygen_async.api.filler_word_removals import *
from heygen_async.api.folders import *
from heygen_async.api.lipsyncs import *
from heygen_async.api.looks import *
from heygen_async.api.media import *
from heygen_async.api.model_audio import *
from heygen_async.api.model_images import *
from heygen_async.api.model_videos import *
from heygen_async.api.models import *
from heygen_async.api.proofreads import *
from heygen_async.api.scenes import *
from heygen_async.api.speech import *
from heygen_async.api.template_variables import *
from heygen_async.api.templates import *
from heygen_async.api.translated import *
from heygen_async.api.users import *
from heygen_async.api.video_agents import *
from heygen_async.api.video_translations import *
from heygen_async.api.videos import *
from heygen_async.api.voices import *
from heygen_async.api.webhooks import *
from heygen_async.bulk.budget import *
from heygen_async.bulk.forecast import *
from heygen_async.bulk.journal import *
from heygen_async.bulk.outcome import *
from heygen_async.bulk.prices import *
from heygen_async.bulk.quotes import *
from heygen_async.bulk.rows import *
from heygen_async.bulk.run import *
from heygen_async.bulk.span import *
from heygen_async.client import *
from heygen_async.clock import *
from heygen_async.codes import *
from heygen_async.errors import *
from heygen_async.eta import *
from heygen_async.job import *
from heygen_async.legacy.migration import *
from heygen_async.operation import *
from heygen_async.options import *
from heygen_async.version import *
from heygen_async.webhooks.receiver import *
from heygen_async.webhooks.secret_stores import *
