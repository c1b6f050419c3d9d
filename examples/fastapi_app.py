"""A FastAPI app that makes a video for each request, and answers as soon as HeyGen says that it is done.

    pip install "heygen-async[fastapi]"
    export HEYGEN_API_KEY=… PUBLIC_URL=https://example.com
    uvicorn fastapi_app:app

    curl "http://localhost:8000/hello?name=Ada"

HeyGen calls ``PUBLIC_URL/heygen/``. Its secret is made at the first start, and kept in ``heygen-secrets.json``.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException

from heygen_async import AvatarVideo, Event, HeyGen, HeyGenError, SecretFile

heygen = HeyGen()  # HEYGEN_API_KEY
store = SecretFile("heygen-secrets.json")
receiver = heygen.receiver(store=store)


@asynccontextmanager
async def life(_: FastAPI) -> AsyncIterator[None]:
    """Close the client with the app."""
    async with heygen:
        yield


app = FastAPI(lifespan=life)
app.mount("/heygen", receiver)


@receiver.on("avatar_video.success", "avatar_video.fail")
async def note(event: Event) -> None:
    """Write down what HeyGen tells, whoever has asked for it."""
    print(event.type, event.resource_id)


@app.post("/register")
async def register() -> dict[str, str]:
    """Tell HeyGen where to call: once, as soon as this app can be reached."""
    url = os.environ["PUBLIC_URL"] + "/heygen/"  # without the last slash FastAPI redirects, and HeyGen does not follow
    endpoint = await heygen.webhooks.ensure(url, store=store)
    return {"endpoint": endpoint.endpoint_id}


@app.get("/hello")
async def hello(name: str) -> dict[str, str | None]:
    """Make a video and wait for it: the webhook ends the wait."""
    request = AvatarVideo(avatar_id="Anna_public_3_20240108", script=f"Hello, {name}!", title=name)
    try:
        video = await (await heygen.videos.create(request))
    except HeyGenError as error:
        raise HTTPException(502, str(error)) from error
    return {"id": video.id, "url": video.video_url}
