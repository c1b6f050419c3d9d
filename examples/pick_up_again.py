"""A video outlives the process that asked for it: keep the id, and pick it up where you like."""

import asyncio

from heygen_async import AvatarVideo, HeyGen, JobFailed, JobTimeout


async def ask() -> str:
    """Ask for a video and leave."""
    async with HeyGen() as heygen:
        look = await heygen.avatars.looks.list(ownership="public").first()
        if look is None:
            raise SystemExit("this account can use no avatar")
        job = await heygen.videos.create(AvatarVideo(avatar_id=look.id, script="See you later.", title="Later"))
        return job.id


async def fetch(video_id: str) -> None:
    """Wait for it in a new client, but not for ever."""
    async with HeyGen() as heygen:
        job = heygen.videos.job(video_id)
        try:
            await job.wait(timeout=1800)
        except JobTimeout:
            print(f"{job.id} still renders; try again with this id")
        except JobFailed as failure:
            print(f"no video: {failure}")
        else:
            print(await job.download("later.mp4", overwrite=True))


if __name__ == "__main__":
    asyncio.run(fetch(asyncio.run(ask())))
