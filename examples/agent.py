"""A conversation with the video agent: it may ask back before it makes the video."""

import asyncio

from heygen_async import HeyGen

PROMPT = "Half a minute about a bakery that opens at six. Which of its breads would you show?"


async def main() -> None:
    """Describe the video, answer what the agent asks, and download what it has made."""
    async with HeyGen() as heygen:  # HEYGEN_API_KEY
        session = await heygen.video_agents.create(prompt=PROMPT, mode="chat")
        while (asked := await session.input_needed()) is not None:
            print(f"agent: {asked.content}")
            await session.send("As you like it.")  # or input() in a terminal of your own
        video = await session
        print(await session.download("bakery.mp4", overwrite=True), video.title)


if __name__ == "__main__":
    asyncio.run(main())
