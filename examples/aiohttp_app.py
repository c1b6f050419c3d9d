"""An aiohttp app that makes a video for each request; HeyGen calls about each of them at a path of its own.

    export HEYGEN_API_KEY=… PUBLIC_URL=https://example.com
    python aiohttp_app.py

    curl "http://localhost:8080/hello?name=Ada"

No endpoint is registered and there is no secret: the paths cannot be guessed, and a call only makes the client look.
"""

import os
from collections.abc import AsyncIterator

from aiohttp import web

from heygen_async import AvatarVideo, HeyGen, HeyGenError, Options

HEYGEN = web.AppKey("heygen", HeyGen)


async def hello(http: web.Request) -> web.Response:
    """Make a video and wait for it: HeyGen's call ends the wait."""
    name = http.query.get("name", "world")
    request = AvatarVideo(avatar_id="Anna_public_3_20240108", script=f"Hello, {name}!", title=name)
    try:
        video = await (await http.app[HEYGEN].videos.create(request))
    except HeyGenError as error:
        raise web.HTTPBadGateway(text=str(error)) from error
    return web.json_response({"id": video.id, "url": video.video_url})


async def closing(app: web.Application) -> AsyncIterator[None]:
    """Close the client with the app."""
    async with app[HEYGEN]:
        yield


def make_app() -> web.Application:
    """Put it together."""
    app = web.Application()
    app[HEYGEN] = heygen = HeyGen(options=Options(callback_url=os.environ["PUBLIC_URL"] + "/heygen"))
    app.add_routes([web.get("/hello", hello), *heygen.receiver().routes("/heygen")])
    app.cleanup_ctx.append(closing)
    return app


if __name__ == "__main__":
    web.run_app(make_app(), port=int(os.environ.get("PORT", "8080")))
