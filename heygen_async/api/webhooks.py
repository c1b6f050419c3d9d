"""Webhooks: where HeyGen delivers events, its log of them, and ``heygen.webhooks``."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from attrs import evolve, field, frozen

from heygen_async.errors import ClientMisused, HeyGenError
from heygen_async.operation import DELETE, GET, PATCH, POST, Answer, Keyed, Page, PageRequest, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Clear, OneOf, Web, rule
from heygen_async.webhooks.secret_stores import SecretStore, WebhookSecrets
from heygen_async.webhooks.webhook import Event, event_of

__all__ = [
    "CreateWebhookEndpoint",
    "DeleteWebhookEndpoint",
    "DeletedWebhookEndpoint",
    "ListWebhookEndpoints",
    "ListWebhookEventTypes",
    "ListWebhookEvents",
    "RotateWebhookSecret",
    "RotatedWebhookSecret",
    "UpdateWebhookEndpoint",
    "WebhookEndpoint",
    "WebhookEndpoints",
    "WebhookEvent",
    "WebhookEventType",
    "Webhooks",
]

PER_PAGE = Between(1, 100, whole=True)

_PAIRS = (
    "avatar_video",
    "avatar_video_gif",
    "avatar_video_caption",
    "video_translate",
    "instant_avatar",
    "photo_avatar_generation",
    "photo_avatar_train",
    "photo_avatar_add_motion",
    "proofread_creation",
    "live_avatar",
    "video_agent",
    "hyperframes_video",
    "ai_clipping",
)
LOGGED = (
    *(f"{noun}.{end}" for noun in _PAIRS for end in ("success", "fail")),
    "video_translate.preflight.validation_failed",
    "video_translate.preflight.download_failed",
    "personalized_video",
    "batch.finished",
)
"""The types of events that the log can be asked for."""


@frozen
class WebhookEndpoint(Answer):
    """An address that HeyGen delivers events to."""

    endpoint_id: str
    url: str = ""
    status: str = ""
    """``enabled`` or ``disabled``; an open set."""

    events: Sequence[str] | None = None
    """The types that are delivered; ``None``: all."""

    secret: str | None = field(default=None, repr=False)
    """What it signs with. HeyGen shows it once, in the answer to the creation."""

    created_at: str = ""
    """ISO 8601."""


@frozen
class RotatedWebhookSecret(Answer):
    """The new secret of an endpoint; from now on HeyGen signs with no other."""

    endpoint_id: str
    secret: str = field(repr=False)


@frozen
class DeletedWebhookEndpoint(Answer):
    """The receipt for a deletion. It says nothing."""


@frozen
class WebhookEventType(Answer):
    """Something that an endpoint can be told."""

    event_type: str
    description: str = ""


@frozen
class WebhookEvent(Answer):
    """An event in HeyGen's log."""

    event_id: str
    event_type: str = ""
    event_data: Mapping[str, Any] = field(factory=dict, hash=False)
    """What an endpoint gets as ``event_data``."""

    created_at: str = ""
    """ISO 8601."""


@frozen(kw_only=True)
class CreateWebhookEndpoint(Keyed, Request[WebhookEndpoint]):
    """Have events delivered to an address. HeyGen tries it with an OPTIONS request first."""

    endpoint = POST("/v3/webhooks/endpoints")
    url: str = field(metadata=rule(Web()))
    """``https://``: HeyGen takes no other."""

    events: Sequence[str] | None = None
    """The types to deliver, such as ``avatar_video.success``; ``None``: all."""

    entity_id: str | None = None
    """Only events of this entity, in HeyGen's word."""


@frozen
class UpdateWebhookEndpoint(Request[WebhookEndpoint]):
    """Change where events go, or which. What is ``None`` stays."""

    endpoint = PATCH("/v3/webhooks/endpoints/{endpoint_id}")
    endpoint_id: str = field(metadata=rule(IDENTIFIER))
    url: str | None = field(default=None, kw_only=True, metadata=rule(Web()))
    """Where deliveries go from now on; ``None`` leaves it."""

    events: Sequence[str] | Clear | None = field(default=None, kw_only=True)
    """What is delivered from now on; ``None`` leaves it, `CLEAR` is all there is."""


@frozen
class DeleteWebhookEndpoint(Request[DeletedWebhookEndpoint]):
    """Stop deliveries to an address. The second time answers 404."""

    endpoint = DELETE("/v3/webhooks/endpoints/{endpoint_id}")
    endpoint_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class RotateWebhookSecret(Keyed, Request[RotatedWebhookSecret]):
    """Get a new secret. The old one ends at once: `Webhooks.ensure` does it without losing a delivery."""

    endpoint = POST("/v3/webhooks/endpoints/{endpoint_id}/rotate-secret", body="none")
    endpoint_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListWebhookEndpoints(PageRequest[WebhookEndpoint]):
    """The addresses that events go to."""

    endpoint = GET("/v3/webhooks/endpoints")
    limit: int | None = field(default=None, metadata=rule(PER_PAGE))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class ListWebhookEventTypes(Request[Page[WebhookEventType]]):
    """The types of events there are, on one page."""

    endpoint = GET("/v3/webhooks/event-types")


@frozen(kw_only=True)
class ListWebhookEvents(PageRequest[WebhookEvent]):
    """The log of events that were delivered, or should have been."""

    endpoint = GET("/v3/webhooks/events")
    event_type: str | None = field(default=None, metadata=rule(OneOf(*LOGGED)))
    """Only these."""

    entity_id: str | None = None
    """Only those of this entity."""

    limit: int | None = field(default=None, metadata=rule(PER_PAGE))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


class WebhookEndpoints(Resource):
    """``heygen.webhooks.endpoints``: where events go."""

    create = call(CreateWebhookEndpoint)
    update = call(UpdateWebhookEndpoint)
    delete = call(DeleteWebhookEndpoint)
    rotate_secret = call(RotateWebhookSecret)
    list = pages(ListWebhookEndpoints)


class Webhooks(Resource):
    """``heygen.webhooks``: endpoints, the types of events, and the log of events."""

    event_types = call(ListWebhookEventTypes)
    events = pages(ListWebhookEvents)

    @property
    def endpoints(self) -> WebhookEndpoints:
        """Where events go."""
        return WebhookEndpoints(self._wire)

    async def history(self) -> AsyncIterator[Event]:
        """Yield HeyGen's log of events as `Event`, in its order, page by page.

        Raises `APIError`, `ConnectionFailed`, `AnswerUnreadable`.
        """
        async for each in self.events(limit=100):
            yield event_of(
                type=each.event_type,
                data=each.event_data,
                event_id=each.event_id,
                created_at=each.created_at,
                signed=True,
            )

    async def ensure(
        self,
        url: str,
        events: Sequence[str] | None = None,
        *,
        store: SecretStore,
        rotate: bool = False,
        grace: float = 86_400.0,
    ) -> WebhookEndpoint:
        """Find the endpoint for `url`, or make it, and have its secret in `store`; at each start of a program.

        `events`: the types that it shall get; ``None``: those it has, all for a new one. `rotate` gets a new secret.
        Those before it are accepted for `grace` seconds more (a day), because deliveries that were signed with them
        may be on their way; a receiver with this store knows the new one as soon as it needs it. If this is
        interrupted at any point, the next call puts it right. Of processes that start together, let only one call it.

        Raises `ClientMisused` for an endpoint that exists while `store` does not have its secret: HeyGen shows it
        once, so somebody has it elsewhere, or `rotate` makes a new one. Otherwise as `store` does, and `APIError`.
        """
        known = await store.load()
        there = await self._find(url, known.endpoint_id)
        if there is not None and not rotate and known.intent is None:
            if not known.secrets or known.endpoint_id not in {None, there.endpoint_id}:
                raise ClientMisused(
                    f"the webhook endpoint for {url} exists, and its secret is not in the store: use the store that "
                    "has it, or pass rotate=True for a new secret"
                )
        else:
            there = await self._renew(url, events, there, known, store, grace)
        if events is not None and set(events) != set(there.events or ()):
            there = await self.endpoints.update(there.endpoint_id, events=tuple(events))
        return there

    async def _find(self, url: str, endpoint_id: str | None) -> WebhookEndpoint | None:
        """Find the endpoint for an address: the one we know, if there are several."""
        found = [each async for each in self.endpoints.list(limit=100) if each.url == url]
        return next((each for each in found if each.endpoint_id == endpoint_id), found[0] if found else None)

    async def _renew(
        self,
        url: str,
        events: Sequence[str] | None,
        there: WebhookEndpoint | None,
        known: WebhookSecrets,
        store: SecretStore,
        grace: float,
    ) -> WebhookEndpoint:
        """Make the endpoint, or give it a new secret.

        The key is in the store before HeyGen is asked: asked again with it, HeyGen answers with the same secret.
        """
        key = known.intent or f"webhook-{uuid4().hex}"
        await store.save(evolve(known, intent=key))
        try:
            there = await self._asked(url, events, there, key)
        except HeyGenError as error:
            if not error.uncertain:  # nothing came of it: the next call must not take it for half done
                await store.save(evolve(known, intent=None))
            raise
        if not there.secret:
            raise ClientMisused(f"HeyGen has not shown the secret of the webhook endpoint for {url}; pass rotate=True")
        now = time.time()
        await store.save(known.live(now).replaced(there.endpoint_id, there.secret, until=now + grace))
        return there

    async def _asked(
        self, url: str, events: Sequence[str] | None, there: WebhookEndpoint | None, key: str
    ) -> WebhookEndpoint:
        """Have HeyGen make the endpoint, or a new secret for it."""
        if there is None:
            given = None if events is None else tuple(events)
            return await self.endpoints.create(url=url, events=given, idempotency_key=key)
        rotated = await self.endpoints.rotate_secret(there.endpoint_id, idempotency_key=key)
        return evolve(there, secret=rotated.secret)
