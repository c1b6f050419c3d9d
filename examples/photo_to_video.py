"""A photo becomes an avatar, and the avatar speaks: upload, create, generate, download."""

import asyncio
import sys

from heygen_async import Asset, AvatarVideo, HeyGen, PhotoAvatar


async def main(photo: str) -> None:
    """Make an avatar of `photo` and two videos with it; the upload is needed once."""
    async with HeyGen() as heygen:
        uploaded = await heygen.assets.upload(photo)
        look = await (await heygen.avatars.create(PhotoAvatar(name="Sarah", file=Asset(uploaded.asset_id))))
        voice = await heygen.voices.list(language="English", gender="female").first()
        if voice is None:
            raise SystemExit("this account can use no such voice")
        request = AvatarVideo(
            avatar_id=look.id,
            voice_id=voice.voice_id,
            script="This avatar was a photo a moment ago.",
            expressiveness="high",
            aspect_ratio="9:16",
        )
        job = await heygen.videos.create(request)
        print(await job.download("sarah.mp4", overwrite=True))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "portrait.jpg"))
