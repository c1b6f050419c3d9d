"""Endpoints and events as requests, and an endpoint that is ensured: its secret is never lost, whatever happens."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from recorder import Recorder

from heygen_async import ClientMisused, Secret, SecretEnvironment, SecretFile, SecretMemory, WebhookSecrets
from heygen_async.api.webhooks import (
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
    Webhooks,
)
from heygen_async.codec import decode, encode
from heygen_async.errors import BadRequest, RequestInvalid, ServerFailed
from heygen_async.operation import Page

pytestmark = pytest.mark.anyio

URL = "https://example.com/heygen"
HERE = WebhookEndpoint("ep", URL, "enabled", ["avatar_video.success"])
MADE = WebhookEndpoint("ep", URL, "enabled", ["avatar_video.success"], "whsec_new")
ROTATED = RotatedWebhookSecret("ep", "whsec_newer")
KEPT = WebhookSecrets(endpoint_id="ep", secrets=(Secret("whsec_new"),))


async def kept(store: SecretMemory) -> list[str]:
    loaded = await store.load()
    assert loaded.intent is None
    return [each.text for each in loaded.secrets]


async def store_with(secrets: WebhookSecrets) -> SecretMemory:
    store = SecretMemory()
    await store.save(secrets)
    return store


# Requests.


async def test_all_seven_operations_have_a_method() -> None:
    answers = [MADE, HERE, DeletedWebhookEndpoint(), ROTATED, Page([HERE]), Page([WebhookEventType("a")]), Page([])]
    wire = Recorder(answers)
    webhooks = Webhooks(wire)
    await webhooks.endpoints.create(url=URL, events=["a"], entity_id="e", idempotency_key="k")
    await webhooks.endpoints.update("ep", url=URL, events=["b"])
    await webhooks.endpoints.delete("ep")
    await webhooks.endpoints.rotate_secret("ep", idempotency_key="k")
    await webhooks.endpoints.list(limit=1).first()
    await webhooks.event_types()
    await webhooks.events(event_type="batch.finished", entity_id="e").first()
    assert wire.sent == [
        CreateWebhookEndpoint(url=URL, events=["a"], entity_id="e", idempotency_key="k"),
        UpdateWebhookEndpoint("ep", url=URL, events=["b"]),
        DeleteWebhookEndpoint("ep"),
        RotateWebhookSecret("ep", idempotency_key="k"),
        ListWebhookEndpoints(limit=1),
        ListWebhookEventTypes(),
        ListWebhookEvents(event_type="batch.finished", entity_id="e"),
    ]


def test_a_change_names_only_what_changes_and_a_rotation_has_no_body() -> None:
    assert encode(UpdateWebhookEndpoint("ep", events=["b"])).body == {"events": ["b"]}
    assert encode(RotateWebhookSecret("ep")).path == "/v3/webhooks/endpoints/ep/rotate-secret"


def test_an_endpoint_needs_an_address_and_the_log_a_type_that_it_knows() -> None:
    with pytest.raises(RequestInvalid, match="url: "):
        CreateWebhookEndpoint(url="example.com")
    with pytest.raises(RequestInvalid, match="event_type: "):
        ListWebhookEvents(event_type="video.done")


def test_secrets_do_not_show() -> None:
    assert "whsec" not in repr(MADE)
    assert "whsec" not in repr(ROTATED)


def test_a_deletion_says_nothing() -> None:
    assert decode(DeleteWebhookEndpoint("ep"), 200, {}, b'{"data": {}, "error": null}') == DeletedWebhookEndpoint()


async def test_the_log_is_read_as_events() -> None:
    data = {"video_id": "v"}
    wire = Recorder([Page([WebhookEvent("evt_1", "avatar_video.success", data, "2026-03-25T12:05:00Z")])])
    (event,) = [each async for each in Webhooks(wire).history()]
    assert (event.event_id, event.resource, event.resource_id, event.signed) == ("evt_1", "video", "v", True)
    assert event.happened == 1774440300.0


# Ensured endpoints.


async def test_an_endpoint_that_is_missing_is_made_and_its_secret_kept() -> None:
    wire, store = Recorder([Page([]), MADE]), SecretMemory()
    endpoint = await Webhooks(wire).ensure(URL, ["avatar_video.success"], store=store)
    assert endpoint == MADE
    assert await kept(store) == ["whsec_new"]
    assert (await store.load()).endpoint_id == "ep"


async def test_an_endpoint_that_is_there_is_left_as_it_is() -> None:
    for events in (None, ["avatar_video.success"]):
        wire, store = Recorder([Page([HERE])]), await store_with(KEPT)
        assert await Webhooks(wire).ensure(URL, events, store=store) == HERE
        assert await kept(store) == ["whsec_new"]


async def test_other_events_are_a_change() -> None:
    wire, store = Recorder([Page([HERE]), HERE]), await store_with(KEPT)
    await Webhooks(wire).ensure(URL, ["b", "a"], store=store)
    assert wire.sent[1] == UpdateWebhookEndpoint("ep", events=("b", "a"))


async def test_of_several_for_one_address_the_one_that_is_known_is_taken() -> None:
    other = WebhookEndpoint("other", URL)
    wire = Recorder([Page([other, WebhookEndpoint("elsewhere", "https://example.com/"), HERE])])
    assert await Webhooks(wire).ensure(URL, store=await store_with(KEPT)) == HERE


async def test_an_endpoint_whose_secret_is_not_in_the_store_is_not_touched() -> None:
    for known in (WebhookSecrets(), WebhookSecrets(endpoint_id="other", secrets=(Secret("x"),))):
        wire = Recorder([Page([HERE])])
        with pytest.raises(ClientMisused, match="rotate=True"):
            await Webhooks(wire).ensure(URL, store=await store_with(known))


async def test_a_secret_from_the_environment_will_do_and_none_is_asked_for_that_could_not_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HEYGEN_WEBHOOK_SECRET", "whsec_new")
    assert await Webhooks(Recorder([Page([HERE])])).ensure(URL, store=SecretEnvironment()) == HERE
    wire = Recorder([Page([])])
    with pytest.raises(ClientMisused, match="cannot keep"):
        await Webhooks(wire).ensure(URL, store=SecretEnvironment())
    assert wire.sent == [ListWebhookEndpoints(limit=100)]


async def test_a_rotated_secret_goes_first_and_the_old_one_gets_its_grace() -> None:
    wire, store = Recorder([Page([HERE]), ROTATED]), await store_with(KEPT)
    before = time.time()
    endpoint = await Webhooks(wire).ensure(URL, store=store, rotate=True, grace=60)
    assert endpoint.secret == "whsec_newer"
    new, old = (await store.load()).secrets
    assert (new.text, new.until, old.text) == ("whsec_newer", None, "whsec_new")
    assert before + 60 <= (old.until or 0) <= time.time() + 60


@pytest.mark.parametrize("there", [[], [HERE]])
async def test_what_was_interrupted_goes_on_with_the_same_key(there: list[WebhookEndpoint]) -> None:
    """Where HeyGen has made a secret, and we never got to keep it, the same key brings it again."""

    class Interrupted(Recorder):
        async def send(self, request: Any, /, *, idempotency_key: str | None = None) -> Any:
            answer = await super().send(request, idempotency_key=idempotency_key)
            if not isinstance(answer, Page):
                lost = ServerFailed("gone", status=502)
                lost.uncertain = True
                raise lost
            return answer

    first, store = Interrupted([Page(there), ROTATED]), await store_with(KEPT)
    with pytest.raises(ServerFailed):
        await Webhooks(first).ensure(URL, store=store, rotate=True)
    second = Recorder([Page([HERE]), ROTATED])
    endpoint = await Webhooks(second).ensure(URL, store=store)
    assert endpoint.secret == "whsec_newer"
    assert await kept(store) == ["whsec_newer", "whsec_new"]
    key = first.sent[1].idempotency_key  # type: ignore[attr-defined]  # a creation or a rotation
    assert key
    assert second.sent[1] == RotateWebhookSecret("ep", idempotency_key=key)


async def test_an_endpoint_that_comes_without_its_secret_is_an_error_and_never_an_empty_secret() -> None:
    wire, store = Recorder([Page([]), HERE]), SecretMemory()
    with pytest.raises(ClientMisused, match="has not shown the secret"):
        await Webhooks(wire).ensure(URL, store=store)
    assert (await store.load()).secrets == ()


async def test_secrets_survive_in_a_file(tmp_path: Path) -> None:
    store = SecretFile(tmp_path / "secrets.json")
    await Webhooks(Recorder([Page([]), MADE])).ensure(URL, ["avatar_video.success"], store=store)
    again = SecretFile(os.fspath(tmp_path / "secrets.json"))
    assert await Webhooks(Recorder([Page([HERE])])).ensure(URL, store=again) == HERE


async def test_a_refused_creation_is_not_taken_for_half_done_by_the_next_call() -> None:
    class Refusing(Recorder):
        async def send(self, request: Any, /, *, idempotency_key: str | None = None) -> Any:
            answer = await super().send(request, idempotency_key=idempotency_key)
            if not isinstance(answer, Page):
                raise BadRequest("the address does not answer", status=400)
            return answer

    store = SecretMemory()
    with pytest.raises(BadRequest):
        await Webhooks(Refusing([Page([]), HERE])).ensure(URL, store=store)
    assert (await store.load()).intent is None
    with pytest.raises(ClientMisused, match="its secret is not in the store"):  # somebody has made it elsewhere
        await Webhooks(Recorder([Page([HERE])])).ensure(URL, store=store)
