"""HeyGen's v1 and v2, which it retired on 1 November 2026, and the way from them to v3.

The operations hang on ``heygen.legacy``; what their requests are made of is here, as the API calls it. To leave them
behind: `to_v3` translates a payload, ``heygen-async migrate`` files of them, and ``HeyGen(legacy="translate")`` every
call.
"""

from heygen_async.legacy.assets import (
    RawAsset,
    UploadRawAsset,
)
from heygen_async.legacy.files import (
    PhotoFile,
    RawFile,
)
from heygen_async.legacy.group import (
    Legacy,
    LegacyAssets,
    LegacyAvatars,
    LegacyPhotoAvatars,
    LegacyTalkingPhotos,
    LegacyVideos,
    LegacyVoices,
)
from heygen_async.legacy.lists import (
    AvatarList,
    GetAvatars,
    GetVoices,
    LegacyAvatar,
    LegacyTalkingPhoto,
    LegacyVoice,
    VoiceList,
)
from heygen_async.legacy.migration import (
    Migration,
    to_v3,
)
from heygen_async.legacy.payload import (
    Remark,
)
from heygen_async.legacy.photo_avatars import (
    AddedPhotos,
    AddPhotos,
    CreatePhotoGroup,
    CreateTalkingPhoto,
    DeletePhotoAvatar,
    GeneratePhoto,
    GetPhotoAvatar,
    GetPhotoGeneration,
    LegacyPhotoAvatar,
    PhotoGeneration,
    PhotoReceipt,
    TalkingPhoto,
    UploadTalkingPhoto,
)
from heygen_async.legacy.translating import Translating
from heygen_async.legacy.videos import (
    AudioVoice,
    AvatarCharacter,
    ColorBackground,
    Dimension,
    ElevenLabsSettings,
    GenerateAv4Video,
    GeneratedVideo,
    GenerateVideo,
    GetVideoStatus,
    ImageBackground,
    Offset,
    SilenceVoice,
    TalkingPhotoCharacter,
    TextVoice,
    VideoBackground,
    VideoFault,
    VideoInput,
    VideoStatus,
)
from heygen_async.sunset import LegacyWarning

__all__ = [
    "AddPhotos",
    "AddedPhotos",
    "AudioVoice",
    "AvatarCharacter",
    "AvatarList",
    "ColorBackground",
    "CreatePhotoGroup",
    "CreateTalkingPhoto",
    "DeletePhotoAvatar",
    "Dimension",
    "ElevenLabsSettings",
    "GenerateAv4Video",
    "GeneratePhoto",
    "GenerateVideo",
    "GeneratedVideo",
    "GetAvatars",
    "GetPhotoAvatar",
    "GetPhotoGeneration",
    "GetVideoStatus",
    "GetVoices",
    "ImageBackground",
    "Legacy",
    "LegacyAssets",
    "LegacyAvatar",
    "LegacyAvatars",
    "LegacyPhotoAvatar",
    "LegacyPhotoAvatars",
    "LegacyTalkingPhoto",
    "LegacyTalkingPhotos",
    "LegacyVideos",
    "LegacyVoice",
    "LegacyVoices",
    "LegacyWarning",
    "Migration",
    "Offset",
    "PhotoFile",
    "PhotoGeneration",
    "PhotoReceipt",
    "RawAsset",
    "RawFile",
    "Remark",
    "SilenceVoice",
    "TalkingPhoto",
    "TalkingPhotoCharacter",
    "TextVoice",
    "Translating",
    "UploadRawAsset",
    "UploadTalkingPhoto",
    "VideoBackground",
    "VideoFault",
    "VideoInput",
    "VideoStatus",
    "VoiceList",
    "to_v3",
]
