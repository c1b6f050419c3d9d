"""What things cost, and what is left to pay them from.

Prices are those of https://developers.heygen.com/docs/pricing for accounts that pay as they go.
"""

from attrs import define, field, frozen

from heygen_async.emulator.refusals import Refusal

__all__ = ["AVATAR", "CINEMATIC", "Entry", "Wallet", "price_of"]

CINEMATIC = 7.0
"""US dollars for a cinematic video."""

AVATAR = 1.0
"""US dollars for making an avatar or its looks."""

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
        self._book(what, amount)

    def refund(self, what: str, amount: float) -> None:
        """Give back."""
        self._book(what, -amount)

    def _book(self, what: str, amount: float) -> None:
        self.balance = round(self.balance - amount, 6)
        self.entries.append(Entry(what, amount))
