"""A v2 payload of yours, made with v3: what v3 cannot say is reported, field by field."""

import asyncio

from heygen_async import HeyGen, PhotoAvatar, to_v3

PAYLOAD = {
    "title": "From v2",
    "video_inputs": [
        {
            "character": {"type": "avatar", "avatar_id": "…", "avatar_style": "closeUp", "scale": 1.2},
            "voice": {"type": "text", "input_text": "I was made for version two.", "voice_id": "…", "speed": 1.1},
        }
    ],
    "dimension": {"width": 1280, "height": 720},
}


async def main() -> None:
    """Translate the payload, read the report, and send what has become of it."""
    async with HeyGen() as heygen:  # HEYGEN_API_KEY
        look = await heygen.avatars.looks.list(ownership="public").first()
        voice = await heygen.voices.list().first()
        if look is None or voice is None:
            raise SystemExit("this account can use no avatar or no voice")
        scene = PAYLOAD["video_inputs"][0]
        scene["character"]["avatar_id"], scene["voice"]["voice_id"] = look.id, voice.voice_id
        request, report = to_v3(PAYLOAD)
        for remark in report:
            print(remark)
        if not isinstance(request, PhotoAvatar):
            job = await heygen.videos.create(request)
            print(await job.download("from_v2.mp4", overwrite=True))


if __name__ == "__main__":
    asyncio.run(main())
