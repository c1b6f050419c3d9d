"""A studio video: several scenes, one of them a still picture."""

import asyncio

from heygen_async import AvatarScene, Caption, HeyGen, ImageScene, SceneAvatar, SceneColor, StudioVideo, Url


async def main() -> None:
    """Speak, show, speak again; with subtitles."""
    async with HeyGen() as heygen:
        look = await heygen.avatars.looks.list(ownership="public").first()
        if look is None:
            raise SystemExit("this account can use no avatar")
        speaker = SceneAvatar(avatar_id=look.id, script="Look at this.", background=SceneColor(color="#F5F5F5"))
        picture = ImageScene(source=Url("https://example.com/chart.png"), duration=2)
        farewell = SceneAvatar(avatar_id=look.id, script="That was all.")
        request = StudioVideo(
            scenes=[AvatarScene(input=speaker), picture, AvatarScene(input=farewell)], caption=Caption(), title="Chart"
        )
        job = await heygen.videos.create(request)
        async for state in job.states():
            print(state.stage.value)
        print((await job).subtitle_url)
        print(await job.download("chart.mp4", overwrite=True))


if __name__ == "__main__":
    asyncio.run(main())
