"""Looks that are not there at once: drawn after a prompt, or trained with footage, whose person has to consent.

A look is ``processing`` while it is trained. One of footage is ``pending_consent`` then, until the person has said yes
on the page that ``POST /v3/avatars/{group_id}/consent`` names: somebody has opened it, or a test has called
``emulator.account.consent(group_id)``.
"""

from typing import Any

from aiohttp import web
from attrs import define, field

from heygen_async.emulator.account import Look, Person
from heygen_async.emulator.service import Service, Visit
from heygen_async.emulator.shelf import Thing
from heygen_async.emulator.works import Order, Work

__all__ = ["Consent", "Consents", "Training", "train"]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Consent</title></head>
<body><h1>Thank you</h1><p>You have consented: videos can be made with your avatar now.</p></body></html>
"""
_DAY = 86_400


@define(eq=False, kw_only=True)
class Training(Work[Any]):
    """The making of looks."""

    noun = "training"
    takes_slot = False

    looks: list[Look] = field(factory=list, repr=False)


def train(visit: Visit, request: object, looks: list[Look], cost: float) -> Training:
    """Begin to make looks, which need not be on the shelf yet. Raises `Refusal` (402)."""
    for look in looks:
        look.status = "processing"
    return visit.undertake(Order(Training, request, cost=cost, fields={"looks": looks}, then=_graduate))


def _graduate(training: Training) -> None:
    """Take notice that looks are made, or never will be."""
    for look in training.looks:
        look.failure = training.failure
        waits = look.person.consent_status == "pending" and look.avatar_type == "digital_twin"
        look.status = "failed" if training.failure else "pending_consent" if waits else "completed"


@define(eq=False, kw_only=True)
class Consent(Thing):
    """A page on which a person can consent; its id is the secret part of its address."""

    noun = "consent"

    person: Person = field(repr=False)
    until: int
    """Unix seconds until when it is there."""

    then: str | None = None
    """Where it leads to; ``None``: it says thank you."""

    @classmethod
    def asked(cls, visit: Visit, person: Person, then: str | None) -> "Consent":
        """Make one, which is there for a day."""
        return visit.account.shelf(cls).add(cls(person=person, until=visit.unix + _DAY, then=then))


@define(eq=False)
class Consents:
    """The pages."""

    service: Service

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [web.get("/consent/{token}", self.page)]

    async def page(self, http: web.Request) -> web.StreamResponse:
        """Take it for a yes that somebody has opened the page."""
        consent = self.service.account.shelf(Consent).get(http.match_info["token"])
        if consent is None or consent.until < self.service.unix(self.service.clock.now()):
            return web.Response(status=404, text="This page does not exist, or not any more\n")
        consent.person.consent()
        if consent.then is not None:
            return web.Response(status=302, headers={"Location": consent.then})
        return web.Response(text=_PAGE, content_type="text/html")
