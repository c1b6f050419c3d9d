"""A video that speaks German and Spanish as well: one translation for each, side by side."""

import asyncio

from heygen_async import HeyGen, Url, Video


async def main() -> None:
    """Take the account's newest video and have it translated."""
    async with HeyGen() as heygen:  # HEYGEN_API_KEY
        source = await heygen.videos.get((await newest(heygen)).id)
        jobs = await heygen.video_translations.create(
            video=Url(source.video_url or ""),  # a LocalFile("talk.mp4") does as well: it is uploaded
            output_languages=["German", "Spanish"],
        )
        for job, name in zip(jobs, ("german.mp4", "spanish.mp4"), strict=True):
            print(await job.download(name, overwrite=True))


async def newest(heygen: HeyGen) -> Video:
    """Find the newest video that is completed."""
    async for video in heygen.videos.list():
        if video.status == "completed":
            return video
    raise SystemExit("this account has no video yet: run one_video.py first")


if __name__ == "__main__":
    asyncio.run(main())
