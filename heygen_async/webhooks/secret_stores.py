"""Where the secret of a webhook endpoint is kept: HeyGen shows it once.

A store holds one endpoint's `WebhookSecrets`. There is one in a file, one that reads the environment, one in memory,
and whatever else has `load` and `save`: a database, a vault.
"""

import os
import stat
import tempfile
from contextlib import suppress
from json import dumps, loads
from pathlib import Path
from typing import Any, Protocol

import anyio.to_thread
from attrs import evolve, field, frozen

from heygen_async.errors import ClientMisused
from heygen_async.webhooks.webhook import Secret

__all__ = ["SecretEnvironment", "SecretFile", "SecretMemory", "SecretStore", "WebhookSecrets"]


@frozen(kw_only=True)
class WebhookSecrets:
    """What is known of an endpoint. Its repr shows no secret."""

    endpoint_id: str | None = None
    """Which endpoint signs with them; ``None``: nobody has said so."""

    secrets: tuple[Secret, ...] = ()
    """The newest first; the others are accepted until their time is over."""

    intent: str | None = field(default=None, repr=False)
    """The idempotency key of a creation or rotation that was begun: sent again with it, HeyGen gives the same
    secret. ``None``: none is under way."""

    def replaced(self, endpoint_id: str, text: str, *, until: float) -> "WebhookSecrets":
        """Put a new secret first; those before it count until then, in Unix seconds."""
        older = [evolve(each, until=min(until, each.until or until)) for each in self.secrets if each.text != text]
        return WebhookSecrets(endpoint_id=endpoint_id, secrets=(Secret(text), *older))

    def live(self, now: float) -> "WebhookSecrets":
        """Leave out what counts no more at `now`, in Unix seconds."""
        return evolve(self, secrets=tuple(each for each in self.secrets if each.is_live(now)))


class SecretStore(Protocol):
    """Keeps the secrets of one endpoint. Both may raise what they like; it reaches the caller."""

    async def load(self) -> WebhookSecrets:
        """Return what is kept; an empty `WebhookSecrets` when there is nothing yet."""
        ...

    async def save(self, secrets: WebhookSecrets, /) -> None:
        """Keep `secrets` in the place of what was there, wholly or not at all."""
        ...


class SecretMemory:
    """Keeps them for as long as this object lives. For tests, and for secrets that come from elsewhere."""

    def __init__(self, *secrets: str) -> None:
        self._kept = WebhookSecrets(secrets=tuple(map(Secret, secrets)))

    async def load(self) -> WebhookSecrets:
        """Return them."""
        return self._kept

    async def save(self, secrets: WebhookSecrets, /) -> None:
        """Keep them."""
        self._kept = secrets


class SecretEnvironment:
    """Reads them from a variable, several with commas between; the newest first. They cannot be kept there.

    `name`: ``HEYGEN_WEBHOOK_SECRET`` unless another one is given.
    """

    def __init__(self, name: str = "HEYGEN_WEBHOOK_SECRET") -> None:
        self.name = name
        """The variable."""

    async def load(self) -> WebhookSecrets:
        """Read the variable as it is now."""
        words = os.environ.get(self.name, "").split(",")
        return WebhookSecrets(secrets=tuple(Secret(word.strip()) for word in words if word.strip()))

    async def save(self, secrets: WebhookSecrets, /) -> None:  # noqa: ARG002  # whatever they are
        """Raise `ClientMisused`: nobody else would see it."""
        raise ClientMisused(
            f"the environment cannot keep a webhook secret: make the endpoint with another store, such as "
            f"SecretFile, and put its secret into {self.name}"
        )


class SecretFile:
    """Keeps them in a file that only its owner can read (mode 0600), and replaces it in one step.

    Loading raises `ClientMisused` for a file that somebody else can read, or that is not one of these.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        """The file. Its folder has to be there."""

    async def load(self) -> WebhookSecrets:
        """Read the file; where there is none, there are no secrets."""
        return await anyio.to_thread.run_sync(self._read)

    async def save(self, secrets: WebhookSecrets, /) -> None:
        """Write the file anew. Raises `OSError` when that fails; the old one is whole then."""
        await anyio.to_thread.run_sync(self._write, secrets)

    def _read(self) -> WebhookSecrets:
        try:
            with self.path.open(encoding="utf-8") as file:
                mode = os.fstat(file.fileno()).st_mode
                text = file.read()
        except FileNotFoundError:
            return WebhookSecrets()
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ClientMisused(f"others can read the webhook secrets in {self.path}; run chmod 600 on it")
        try:
            return _from_json(loads(text))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ClientMisused(f"{self.path} is no file of webhook secrets; remove it, or name another") from None

    def _write(self, secrets: WebhookSecrets) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}-", dir=self.path.parent)  # its mode is 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(dumps(_to_json(secrets), indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def _to_json(kept: WebhookSecrets) -> dict[str, Any]:
    secrets = [{"secret": each.text, "until": each.until} for each in kept.secrets]
    return {"endpoint_id": kept.endpoint_id, "secrets": secrets, "intent": kept.intent}


def _from_json(read: Any) -> WebhookSecrets:
    secrets = tuple(Secret(str(each["secret"]), each.get("until")) for each in read["secrets"])
    return WebhookSecrets(endpoint_id=read.get("endpoint_id"), secrets=secrets, intent=read.get("intent"))
