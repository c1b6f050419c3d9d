"""What the package offers, and in which module. Written by `docs/write_contents.py`; do not edit."""

__all__ = ["CONTENTS", "PLACES", "ROOMS"]

CONTENTS = {
    "api.agent_sessions": "AgentResources AgentSession AgentStyles AgentVideos VideoAgents",
    "api.ai_clipping": (
        "AIClipping CaptionStyle Clip ClipDuration Clipping ClippingSettings CreateClipping CreatedClipping "
        "DeleteClipping GetClipping ListClippings"
    ),
    "api.assets": (
        "AssetBatches AssetJob Assets DeleteAsset FoundAsset GetAsset GetAssetBatch GetAssetStatuses ListAssets "
        "SearchAssets StoredAsset UploadAsset UploadedAsset"
    ),
    "api.audio": "Audio ListSounds Sound Sounds",
    "api.avatars": (
        "AvatarConsent AvatarGroup AvatarRequest Avatars CreateConsent CreatedAvatar DeleteAvatar DigitalTwin "
        "GetAvatar ListAvatars PhotoAvatar PromptAvatar UpdateAvatar"
    ),
    "api.background_removals": (
        "BackgroundRemoval BackgroundRemovals CreateBackgroundRemoval DeleteBackgroundRemoval GetBackgroundRemoval "
        "Layer ListBackgroundRemovals"
    ),
    "api.batches": "Batch BatchItem Batches BulkStatus CreatedBatch SentBatch",
    "api.bodies": "video_from_wire",
    "api.brand_glossaries": (
        "BrandGlossaries BrandGlossary BrandGlossaryDetail CreateBrandGlossary DeleteBrandGlossary "
        "DeletedBrandGlossary ForcedTranslation GetBrandGlossary GlossaryForcedTranslation GlossaryKeptTerm "
        "GlossaryTerm KeptTerm ListBrandGlossaries Pronunciation UpdateBrandGlossary"
    ),
    "api.brand_kits": (
        "BrandColors BrandFont BrandFonts BrandKit BrandKitColors BrandKitDetail BrandKitFont BrandKitFontRole "
        "BrandKitFonts BrandKitLogo BrandKitLogos BrandKits BrandLogos CreateBrandKit CreatedBrandKit DeleteBrandKit "
        "DeletedBrandKit GetBrandKit ListBrandKits UpdateBrandKit"
    ),
    "api.compositions": (
        "AvatarElement CaptionSetting ColorFill GetVideoScenes ImageElement MediaTrim OtherElement ReadVoiceSettings "
        "SceneDetail ScriptAudio ScriptSilence ScriptText TemplateAudioTrack TextElement VideoElement VideoScenes "
        "VideoSettings"
    ),
    "api.deletions": "ConfirmedDeletion Deleted",
    "api.direct_uploads": (
        "CompleteUpload CompleteUploadBatch CompletedUpload CreateDirectUpload CreateDirectUploadBatch DirectUpload "
        "DirectUploadBatch DirectUploadFile DirectUploads"
    ),
    "api.dubbing": "DubbedVideo Dubbing Translating",
    "api.engines": "AvatarIII AvatarIV AvatarV Engine engine_problems",
    "api.filler_word_removals": (
        "CreateFillerWordRemoval CreatedFillerWordRemoval FillerWordRemoval FillerWordRemovals GetFillerWordRemoval"
    ),
    "api.folders": "CreateFolder Folder Folders GetFolder",
    "api.lipsyncs": (
        "CreateLipsync CreateLipsyncBatch CreatedLipsync DeleteLipsync GetLipsync GetLipsyncBatch GetLipsyncStatuses "
        "Lipsync LipsyncBatches LipsyncJob Lipsyncs ListLipsyncs UpdateLipsync"
    ),
    "api.looks": (
        "AvatarFault AvatarLook CreatedLook CreatedLooks DeleteLook GetLook ListLookTemplates ListLooks LookJob "
        "LookPackLooks LookTemplate LookTemplates Looks TemplateLooks UpdateLook"
    ),
    "api.media": "Address Asset Base64 FileInput LocalFile MEDIA_TYPES Url UrlOrAsset",
    "api.model_audio": (
        "CreateModelSpeech CreatedModelVoice DeleteModelVoice DeletedModelVoice GetModelVoice InstantVoice "
        "ListModelVoices ModelAudio ModelSpeech ModelVoice ModelVoiceRequest ModelVoices ProfessionalVoice"
    ),
    "api.model_images": "CreateModelImages CreatedModelImages GetModelImages ModelImage ModelImages ModelPictures",
    "api.model_videos": (
        "CreatedModelVideo GetModelVideo ImageToVideo ModelTimings ModelVideo ModelVideoRequest ModelVideos "
        "ReferenceToVideo TextToVideo"
    ),
    "api.models": "Models",
    "api.proofreads": (
        "CreateProofread CreatedProofreads DeleteProofread GenerateProofread GeneratedProofread GetProofread "
        "GetProofreadSrt ListProofreads Proofread ProofreadJob ProofreadSrt ProofreadSrts Proofreads "
        "UpdateProofreadSrt"
    ),
    "api.scenes": "AvatarScene Background ClipScene ImageScene Playback Scene SceneAvatar SceneColor",
    "api.speech": "ElevenLabs Fish Spoken Starfish VoiceSettings",
    "api.template_variables": "TemplateVariable VariableBinding VariableType",
    "api.templates": (
        "CreateTemplate DeleteTemplate GenerateTemplateVideo GetTemplate ListTemplates SubtitlePosition SubtitleStyle "
        "Template TemplateComposition TemplateDetail TemplateScene TemplateSceneVariable TemplateSize "
        "TemplateVariables Templates UpdateTemplate UpdateTemplateVariables"
    ),
    "api.translated": "GetVideoTranslation GetVideoTranslationStatuses VideoTranslation VideoTranslationJob",
    "api.users": "AutoReload CreditBalance Credits GetMe Subscription UsageBased User Users Wallet",
    "api.video_agents": (
        "AgentMessage AgentResource AgentStyle AgentTurn CreateVideoAgent CreatedVideoAgent GetAgentResource "
        "GetVideoAgent ListAgentStyles ListAgentVideos ListVideoAgents ListedVideoAgent SendToVideoAgent "
        "StopVideoAgent StoppedVideoAgent VideoAgent"
    ),
    "api.video_translations": (
        "CreateVideoTranslation CreateVideoTranslationBatch CreatedVideoTranslations DeleteVideoTranslation "
        "GetTranslationLanguages GetVideoTranslationBatch ListVideoTranslations StockVoices TranslationLanguages "
        "UpdateVideoTranslation VideoTranslationBatches VideoTranslations"
    ),
    "api.videos": (
        "AvatarVideo Caption CinematicVideo CreateVideoBatch CreatedVideo DeleteVideo GetVideo GetVideoBatch "
        "GetVideoStatuses ImageVideo ListVideos StudioVideo Video VideoBatches VideoJob VideoRequest Videos Watermark "
        "WatermarkPlacement"
    ),
    "api.voices": (
        "CloneVoice CreateSpeech DeleteVoice DeletedVoice DesignVoices DesignedVoices GetVoice ListVoices Speech Voice "
        "VoiceClone VoiceDetail Voices WordTimestamp"
    ),
    "api.webhooks": (
        "CreateWebhookEndpoint DeleteWebhookEndpoint DeletedWebhookEndpoint ListWebhookEndpoints ListWebhookEventTypes "
        "ListWebhookEvents RotateWebhookSecret RotatedWebhookSecret UpdateWebhookEndpoint WebhookEndpoint "
        "WebhookEndpoints WebhookEvent WebhookEventType Webhooks"
    ),
    "bulk.budget": "Budget Reservation",
    "bulk.forecast": "Fold Forecast Quoted Remark",
    "bulk.journal": "Entry Journal",
    "bulk.outcome": "Outcome Progress",
    "bulk.prices": "ENTERPRISE PAY_AS_YOU_GO PriceList",
    "bulk.quotes": "Known Quote quote",
    "bulk.rows": "Row read_rows",
    "bulk.run": "BulkRun",
    "bulk.span": "Span",
    "client": "HeyGen",
    "clock": "Alarm Clock ManualClock ScaledClock SystemClock",
    "codes": "api_error",
    "errors": (
        "APIError AnswerUnreadable BadRequest BudgetReached ClientMisused Conflict ConnectionFailed DeliveryRefused "
        "DownloadFailed HeyGenError JobError JobFailed JobGone JobTimeout JournalFailed NotAuthenticated NotFound "
        "NotPermitted OutOfCredit Problem RateLimited RequestInvalid RequestTimeout Retired RowProblem RowsInvalid "
        "ServerFailed TargetExists TooLarge UploadFailed"
    ),
    "eta": "Eta",
    "job": "Completed Failed Gone Job Rendering Stage State Waiting stage",
    "legacy.migration": "Migration to_v3",
    "operation": (
        "Answer Body CLEAR Clear DELETE Endpoint GET JobKind JobRequest Keyed PATCH POST PUT Page PageRequest Part "
        "Report Request Successor"
    ),
    "options": "Limits Options Polling Retry Timeouts",
    "version": "__version__",
    "webhooks.receiver": "Event Receiver Secret",
    "webhooks.secret_stores": "SecretEnvironment SecretFile SecretMemory SecretStore WebhookSecrets",
}
"""The names that each public module offers."""

PLACES = {name: module for module, names in CONTENTS.items() for name in names.split()}
"""The module of each name."""

ROOMS = {module.partition(".")[0] for module in CONTENTS}
"""What there is to be imported from the package besides: ``heygen_async.errors``, for example."""
