"""A picture speaks without an avatar being made of it: from a file on disk, uploaded on the way."""

import asyncio
import sys

from heygen_async import Background, HeyGen, ImageVideo, LocalFile, VoiceSettings


async def main(picture: str) -> None:
    """Let the person in `picture` speak, a little faster than usual, before a blue background."""
    async with HeyGen() as heygen:
        voice = await heygen.voices.list(language="English").first()
        if voice is None:
            raise SystemExit("this account can use no such voice")
        request = ImageVideo(
            image=LocalFile(picture),
            voice_id=voice.voice_id,
            script="Hello! Nobody had to set up an avatar for this.",
            voice_settings=VoiceSettings(speed=1.1),
            remove_background=True,
            background=Background(type="color", value="#1E90FF"),
        )
        job = await heygen.videos.create(request)
        print(await job.download("person.mp4", overwrite=True))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "person.jpg"))
