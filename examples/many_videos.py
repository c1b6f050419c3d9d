"""Many videos, bounded: ten render at once, and one that fails stops no other."""

import asyncio

from heygen_async import AvatarVideo, HeyGen

NAMES = ("Ada", "Grace", "Katherine", "Margaret", "Radia", "Barbara")


async def main() -> None:
    """Greet six people by name."""
    async with HeyGen() as heygen:
        look = await heygen.avatars.looks.list(ownership="public").first()
        if look is None:
            raise SystemExit("this account can use no avatar")
        requests = [
            AvatarVideo(avatar_id=look.id, script=f"Welcome to the team, {name}!", title=f"Welcome {name}")
            for name in NAMES
        ]
        async for outcome in heygen.bulk(requests, into="welcome"):
            print(outcome.request.title, outcome.path or outcome.error)


if __name__ == "__main__":
    asyncio.run(main())
