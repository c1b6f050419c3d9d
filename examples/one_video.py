"""One video, from a script to a file."""

import asyncio

from heygen_async import AvatarVideo, HeyGen


async def main() -> None:
    """Choose a look, let it speak with its own voice, and download the result."""
    async with HeyGen() as heygen:  # HEYGEN_API_KEY
        look = await heygen.avatars.looks.list(ownership="public").first()
        if look is None:
            raise SystemExit("this account can use no avatar")
        job = await heygen.videos.create(AvatarVideo(avatar_id=look.id, script="Hello from asyncio!", title="Hello"))
        print(f"{job.id} is on its way")
        video = await job
        path = await job.download("hello.mp4", overwrite=True)
        print(f"{path}: {video.duration:.1f} s of {look.name}")


if __name__ == "__main__":
    asyncio.run(main())
