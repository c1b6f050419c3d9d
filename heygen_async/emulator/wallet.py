"""What things cost, and what is left to pay them from.

Prices are those of https://developers.heygen.com/docs/pricing for accounts that pay as they go.
"""

from attrs import define, evolve, field, frozen

from heygen_async.emulator.idempotency import UNDER
from heygen_async.emulator.refusals import Refusal

__all__ = [
    "AGENT",
    "AUDIO_TRANSLATION",
    "AVATAR",
    "CINEMATIC",
    "CLIP",
    "DUBBING",
    "FILLER_WORDS",
    "PROOFREAD",
    "SPEECH",
    "SPOKEN_CHARACTER",
    "Entry",
    "Wallet",
    "price_of",
]

CINEMATIC = 7.0
"""US dollars for a cinematic video."""

AVATAR = 1.0
"""US dollars for making an avatar or its looks."""

DUBBING = {"speed": 0.0333, "precision": 0.0667}
"""US dollars for a second of a translation or a lipsync, by its mode."""

AUDIO_TRANSLATION = 0.0167
"""US dollars for a second of a translation whose picture stays."""

PROOFREAD = 0.00833 * 0.50
"""US dollars for a second of a proofread: the list has credits only, of half a dollar each."""

CLIP = 0.15
"""US dollars for a clip of a long video."""

FILLER_WORDS = 0.30
"""US dollars for a minute whose filler words go, and for less than a minute."""

AGENT = 0.0333
"""US dollars for a second of a video agent's video."""

SPEECH = 0.000667
"""US dollars for a second of speech."""

SPOKEN_CHARACTER = 15 / 1_000_000
"""US dollars for a character that one of the account's own voices speaks."""

_PER_SECOND = {
    ("avatar_v", "digital_twin"): 0.0667,
    ("avatar_v", "photo_avatar"): 0.05,
    ("avatar_v", "studio_avatar"): 0.0667,
    ("avatar_iv", "digital_twin"): 0.0667,
    ("avatar_iv", "photo_avatar"): 0.05,
    ("avatar_iv", "studio_avatar"): 0.0667,
    ("avatar_iii", "digital_twin"): 0.0167,
    ("avatar_iii", "photo_avatar"): 0.0433,
    ("avatar_iii", "studio_avatar"): 0.0167,
}


def price_of(engine: str, avatar_type: str) -> float:
    """Return US dollars for a second of this engine with an avatar of this type."""
    return _PER_SECOND[engine, avatar_type]


@frozen
class Entry:
    """Something that was paid or given back."""

    what: str
    """The id of the video, or what else it was for."""

    amount: float
    """US dollars; less than nothing when they were given back."""

    key: str | None = None
    """The ``Idempotency-Key`` under which it was paid."""


@define(eq=False)
class Wallet:
    """US dollars, and what became of them."""

    balance: float
    """What is left."""

    entries: list[Entry] = field(factory=list)
    """Payments and refunds, in their order."""

    def check(self, amount: float) -> None:
        """Raise `Refusal` (402 ``insufficient_credit``) when there is not enough to pay so much."""
        if amount > self.balance:
            raise Refusal(
                402,
                "insufficient_credit",
                f"Insufficient credit: the balance is ${self.balance:.2f} and this costs ${amount:.2f}",
            )

    def charge(self, what: str, amount: float) -> None:
        """Pay. Raises `Refusal` as `check` does, and takes nothing then."""
        self.check(amount)
        self._book(what, amount, UNDER.get())

    def refund(self, what: str, amount: float) -> None:
        """Give back."""
        self._book(what, -amount)

    def correct(self, what: str, amount: float) -> None:
        """Charge another amount than was thought at first; the balance may fall below zero by the difference."""
        for at in reversed(range(len(self.entries))):
            if self.entries[at].what == what:
                self.balance = round(self.balance + self.entries[at].amount - amount, 6)
                self.entries[at] = evolve(self.entries[at], amount=amount)
                return

    def _book(self, what: str, amount: float, key: str | None = None) -> None:
        if amount:  # what costs nothing is no payment
            self.balance = round(self.balance - amount, 6)
            self.entries.append(Entry(what, amount, key))
