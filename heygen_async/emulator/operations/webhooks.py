"""Make, list, change and delete webhook endpoints, and read the log of events."""

from heygen_async.api.webhooks import (
    LOGGED,
    CreateWebhookEndpoint,
    DeletedWebhookEndpoint,
    DeleteWebhookEndpoint,
    ListWebhookEndpoints,
    ListWebhookEvents,
    ListWebhookEventTypes,
    RotatedWebhookSecret,
    RotateWebhookSecret,
    UpdateWebhookEndpoint,
    WebhookEndpoint,
    WebhookEvent,
    WebhookEventType,
)
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.deliveries import Happened, Hook, new_secret
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.remote import is_loopback
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["webhooks"]

webhooks = Clerk()

_NEWER = tuple(f"{noun}.{end}" for noun in ("filler_word_removal", "podcast") for end in ("success", "fail"))
_TYPES = (*LOGGED, *_NEWER)


@webhooks.answers(CreateWebhookEndpoint)
async def create(visit: Visit, request: CreateWebhookEndpoint) -> WebhookEndpoint:
    """Try an address, and deliver there from now on."""
    await _check(visit, request.url, request.events)
    deliveries = visit.service.deliveries
    hook = Hook(url=request.url, events=_types(request.events), created_at=deliveries.now_written())
    visit.account.shelf(Hook).add(hook)
    deliveries.expect()
    return _shown(hook, secret=hook.secret)


@webhooks.answers(UpdateWebhookEndpoint)
async def update(visit: Visit, request: UpdateWebhookEndpoint) -> WebhookEndpoint:
    """Change an endpoint."""
    hook = visit.account.shelf(Hook).find(request.endpoint_id)
    await _check(visit, request.url, request.events)
    hook.url = request.url or hook.url
    hook.events = hook.events if request.events is None else _types(request.events)
    return _shown(hook)


@webhooks.answers(DeleteWebhookEndpoint)
async def delete(visit: Visit, request: DeleteWebhookEndpoint) -> DeletedWebhookEndpoint:
    """Deliver there no more."""
    visit.account.shelf(Hook).drop(request.endpoint_id)
    return DeletedWebhookEndpoint()


@webhooks.answers(RotateWebhookSecret)
async def rotate(visit: Visit, request: RotateWebhookSecret) -> RotatedWebhookSecret:
    """Sign with another secret from now on."""
    hook = visit.account.shelf(Hook).find(request.endpoint_id)
    hook.secret = new_secret()
    return RotatedWebhookSecret(hook.id, hook.secret)


@webhooks.answers(ListWebhookEndpoints)
async def listed(visit: Visit, request: ListWebhookEndpoints) -> Page[WebhookEndpoint]:
    """Show the endpoints, without their secrets."""
    page = page_of(visit.account.shelf(Hook).newest(), request.limit or 10, request.token, place_of)
    return Page([_shown(hook) for hook in page.items], page.has_more, page.next_token)


@webhooks.answers(ListWebhookEventTypes)
async def types(_: Visit, __: ListWebhookEventTypes) -> Page[WebhookEventType]:
    """Show the types of events."""
    return Page([WebhookEventType(each, each.replace("_", " ").replace(".", ": ")) for each in _TYPES])


@webhooks.answers(ListWebhookEvents)
async def events(visit: Visit, request: ListWebhookEvents) -> Page[WebhookEvent]:
    """Show the events that endpoints wanted to know of, the newest first. None belongs to an entity."""
    found = (
        event
        for event in visit.account.shelf(Happened).newest()
        if request.event_type in {None, event.type} and request.entity_id is None
    )
    page = page_of(found, request.limit or 10, request.token, place_of)
    shown = [WebhookEvent(event.id, event.type, event.data, event.created_at) for event in page.items]
    return Page(shown, page.has_more, page.next_token)


async def _check(visit: Visit, url: str | None, wanted: object) -> None:
    """Refuse an address that is not encrypted or does not answer, and unknown types of events (400)."""
    unknown = [each for each in wanted if each not in _TYPES] if isinstance(wanted, list | tuple) else []
    if unknown:
        raise invalid("events", f"{unknown[0]} is not a supported event type")
    if url is None:
        return
    if not (url.lower().startswith("https://") or is_loopback(url)):
        raise invalid("url", "Webhook URL must use https")
    if not await visit.service.deliveries.probe(url):
        raise invalid("url", "Webhook URL does not accept OPTIONS requests within 1 second")


def _types(wanted: object) -> tuple[str, ...] | None:
    return tuple(wanted) if isinstance(wanted, list | tuple) else None


def _shown(hook: Hook, secret: str | None = None) -> WebhookEndpoint:
    return WebhookEndpoint(
        endpoint_id=hook.id,
        url=hook.url,
        status="enabled",
        events=hook.events,
        secret=secret,
        created_at=hook.created_at,
    )
