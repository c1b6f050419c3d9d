"""heygen_async: the asyncio-first Python SDK for HeyGen's video API.

Start at `HeyGen`. Every default is in `heygen_async.options`, every error in `heygen_async.errors`, and each group
of the API in a file of `heygen_async.api`.
"""

from heygen_async.api.assets import Assets, DeleteAsset, DeletedAsset, GetAsset, ListAssets, StoredAsset, UploadAsset, UploadedAsset
from heygen_async.api.avatars import AvatarFault, AvatarGroup, AvatarLook, AvatarRequest, Avatars, CreatedAvatar, CreatedLook, CreatedLooks, DeleteAvatar, DeleteLook, DeletedAvatar, DigitalTwin, GetAvatar, GetLook, ListAvatars, ListLooks, LookPackLooks, Looks, PhotoAvatar, PromptAvatar, TemplateLooks, UpdateAvatar, UpdateLook
from heygen_async.api.batches import Batch, BatchItem, BulkStatus, CreatedBatch
from heygen_async.api.engines import AvatarIII, AvatarIV, AvatarV, Engine, engine_problems
from heygen_async.api.media import Address, Asset, Base64, FileInput, LocalFile, MEDIA_TYPES, Url
from heygen_async.api.scenes import AvatarScene, Background, ClipScene, ImageScene, Playback, Scene, SceneAvatar, SceneColor
from heygen_async.api.speech import ElevenLabs, Fish, Spoken, Starfish, VoiceSettings
from heygen_async.api.users import AutoReload, CreditBalance, Credits, GetMe, Subscription, UsageBased, User, Users, Wallet
from heygen_async.api.videos import AvatarVideo, Caption, CinematicVideo, CreateVideoBatch, CreatedVideo, DeleteVideo, DeletedVideo, GetVideo, GetVideoBatch, GetVideoStatuses, ImageVideo, ListVideos, StudioVideo, Video, VideoBatches, VideoJob, VideoRequest, Videos, Watermark, WatermarkPlacement, video_from_wire
from heygen_async.api.voices import GetVoice, ListVoices, Voice, VoiceDetail, Voices
from heygen_async.bulk import BulkRun, Outcome, Progress
from heygen_async.client import HeyGen
from heygen_async.clock import Alarm, Clock, ManualClock, ScaledClock, SystemClock
from heygen_async.errors import APIError, AnswerUnreadable, BadRequest, ClientMisused, Conflict, ConnectionFailed, DownloadFailed, HeyGenError, JobError, JobFailed, JobGone, JobTimeout, NotAuthenticated, NotFound, NotPermitted, OutOfCredit, Problem, RateLimited, RequestInvalid, RequestTimeout, ServerFailed, TargetExists, TooLarge, api_error
from heygen_async.job import Completed, Failed, Gone, Job, Rendering, Stage, State, Waiting, stage
from heygen_async.operation import DELETE, Endpoint, GET, JobKind, JobRequest, PATCH, POST, Page, PageRequest, Report, Request
from heygen_async.options import Limits, Options, Polling, Retry, Timeouts
from heygen_async.rows import Row, RowProblem, RowsInvalid, read_rows
from heygen_async.version import __version__

__all__ = ["APIError", "Address", "Alarm", "AnswerUnreadable", "Asset", "Assets", "AutoReload", "AvatarFault", "AvatarGroup", "AvatarIII", "AvatarIV", "AvatarLook", "AvatarRequest", "AvatarScene", "AvatarV", "AvatarVideo", "Avatars", "Background", "BadRequest", "Base64", "Batch", "BatchItem", "BulkRun", "BulkStatus", "Caption", "CinematicVideo", "ClientMisused", "ClipScene", "Clock", "Completed", "Conflict", "ConnectionFailed", "CreateVideoBatch", "CreatedAvatar", "CreatedBatch", "CreatedLook", "CreatedLooks", "CreatedVideo", "CreditBalance", "Credits", "DELETE", "DeleteAsset", "DeleteAvatar", "DeleteLook", "DeleteVideo", "DeletedAsset", "DeletedAvatar", "DeletedVideo", "DigitalTwin", "DownloadFailed", "ElevenLabs", "Endpoint", "Engine", "Failed", "FileInput", "Fish", "GET", "GetAsset", "GetAvatar", "GetLook", "GetMe", "GetVideo", "GetVideoBatch", "GetVideoStatuses", "GetVoice", "Gone", "HeyGen", "HeyGenError", "ImageScene", "ImageVideo", "Job", "JobError", "JobFailed", "JobGone", "JobKind", "JobRequest", "JobTimeout", "Limits", "ListAssets", "ListAvatars", "ListLooks", "ListVideos", "ListVoices", "LocalFile", "LookPackLooks", "Looks", "MEDIA_TYPES", "ManualClock", "NotAuthenticated", "NotFound", "NotPermitted", "Options", "OutOfCredit", "Outcome", "PATCH", "POST", "Page", "PageRequest", "PhotoAvatar", "Playback", "Polling", "Problem", "Progress", "PromptAvatar", "RateLimited", "Rendering", "Report", "Request", "RequestInvalid", "RequestTimeout", "Retry", "Row", "RowProblem", "RowsInvalid", "ScaledClock", "Scene", "SceneAvatar", "SceneColor", "ServerFailed", "Spoken", "Stage", "Starfish", "State", "StoredAsset", "StudioVideo", "Subscription", "SystemClock", "TargetExists", "TemplateLooks", "Timeouts", "TooLarge", "UpdateAvatar", "UpdateLook", "UploadAsset", "UploadedAsset", "Url", "UsageBased", "User", "Users", "Video", "VideoBatches", "VideoJob", "VideoRequest", "Videos", "Voice", "VoiceDetail", "VoiceSettings", "Voices", "Waiting", "Wallet", "Watermark", "WatermarkPlacement", "__version__", "api_error", "engine_problems", "read_rows", "stage", "video_from_wire"]
