"""What HeyGen charges, as data: two lists, for those who pay as they go and for those who have credits by contract.

The figures are those of https://developers.heygen.com/docs/pricing as they were read on `PriceList.read_on`. HeyGen
changes them; a run that was charged otherwise than quoted says so at its end. Where HeyGen's own pages contradict each
other, the price is a span from the lowest to the highest.
"""

from collections.abc import Collection, Mapping
from datetime import date

from attrs import frozen

from heygen_async.bulk.span import Span

__all__ = ["ENTERPRISE", "PAY_AS_YOU_GO", "PriceList"]

SOURCE = "https://developers.heygen.com/docs/pricing"

READ_ON = date(2026, 11, 21)

_exactly = Span.exactly


@frozen(kw_only=True)
class PriceList:
    """What things cost. Amounts are in `currency`; one of it is worth `dollars`."""

    name: str
    """Whose list it is, for people."""

    currency: str
    """``usd`` or ``credits``, as `Wallet.currency` has it."""

    dollars: float = 1.0
    """US dollars for one of the currency."""

    source: str = SOURCE
    read_on: date = READ_ON
    """When the source said so."""

    render_second: Mapping[tuple[str, str], Span]
    """A second of a video, by its engine and by its avatar's type, such as ``avatar_iv`` and ``photo_avatar``."""

    render_second_4k: Mapping[tuple[str, str], Span]
    """The same at 4K; what is not in it costs what it costs otherwise."""

    work_second: Mapping[str, Span]
    """A second of something else, such as a translation, by its name here."""

    call: Mapping[str, Span]
    """Something of any length, by its name here, such as ``cinematic_avatar`` for one video."""

    def render(self, engines: Collection[str], types: Collection[str], *, uhd: bool = False) -> Span:
        """Return US dollars for a second; several engines or avatar types: it may be any of them.

        `uhd`: at 4K. What the list lacks costs as much as the dearest thing on it, at the most.
        """
        fitting = [
            (self.render_second_4k if uhd else {}).get(pair, price)
            for pair, price in self.render_second.items()
            if pair[0] in engines and pair[1] in types
        ]
        return self._dollars(Span.around(fitting or self.render_second.values()))

    def second(self, name: str) -> Span:
        """Return US dollars for a second of work. Raises `KeyError` for what the list does not have."""
        return self._dollars(self.work_second[name])

    def once(self, name: str) -> Span:
        """Return US dollars for something of any length. Raises `KeyError` for what the list does not have."""
        return self._dollars(self.call[name])

    def _dollars(self, price: Span) -> Span:
        return price * _exactly(self.dollars)


PAY_AS_YOU_GO = PriceList(
    name="pay as you go",
    currency="usd",
    render_second={
        ("avatar_v", "digital_twin"): _exactly(0.0667),
        ("avatar_v", "studio_avatar"): _exactly(0.0667),
        ("avatar_v", "photo_avatar"): Span(0.05, 0.0667),  # the page has no line for it
        ("avatar_iv", "digital_twin"): _exactly(0.0667),
        ("avatar_iv", "studio_avatar"): _exactly(0.0667),
        ("avatar_iv", "photo_avatar"): _exactly(0.05),
        ("avatar_iii", "digital_twin"): _exactly(0.0167),
        ("avatar_iii", "studio_avatar"): _exactly(0.0167),
        ("avatar_iii", "photo_avatar"): _exactly(0.0433),
    },
    render_second_4k={  # of an older state of the page; the newest does not name 4K
        ("avatar_iv", "photo_avatar"): _exactly(0.0667),
        ("avatar_iv", "digital_twin"): _exactly(0.0833),
        ("avatar_iv", "studio_avatar"): _exactly(0.0833),
        ("avatar_iii", "digital_twin"): _exactly(0.02),
        ("avatar_iii", "studio_avatar"): _exactly(0.02),
    },
    work_second={
        "video_agent": _exactly(0.0333),
        "translation_audio": Span(0.0167, 0.0333),
        "translation_speed": _exactly(0.0333),
        "translation_precision": _exactly(0.0667),
        "lipsync_speed": _exactly(0.0333),
        "lipsync_precision": _exactly(0.0667),
        "speech": _exactly(0.000667),
        "hyperframes": _exactly(0.1 / 60),
        "filler_words": _exactly(0.3 / 60),
    },
    call={
        "cinematic_avatar": _exactly(7.0),
        "avatar": _exactly(1.0),
        "clip": _exactly(0.15),
    },
)
"""In US dollars, from the API wallet."""

ENTERPRISE = PriceList(
    name="enterprise",
    currency="credits",
    dollars=0.5,
    render_second={
        **{
            (engine, avatar): _exactly(0.1)
            for engine in ("avatar_v", "avatar_iv")
            for avatar in ("digital_twin", "studio_avatar", "photo_avatar")
        },
        ("avatar_iii", "digital_twin"): Span(0.0033, 0.0167),
        ("avatar_iii", "studio_avatar"): Span(0.0033, 0.0167),
        ("avatar_iii", "photo_avatar"): Span(0.0033, 0.0433),
    },
    render_second_4k={},
    work_second={
        "video_agent": _exactly(0.0667),
        "translation_audio": _exactly(0.05),
        "translation_speed": _exactly(0.05),
        "translation_precision": _exactly(0.1),
        "proofread": _exactly(0.00833),
        "lipsync_speed": _exactly(0.05),
        "lipsync_precision": _exactly(0.1),
        "speech": _exactly(0.000333),
    },
    call={
        "cinematic_avatar": _exactly(14.0),  # the page has dollars only: 7 of them
        "avatar": _exactly(1.0),
    },
)
"""In credits of half a dollar each, by contract; contracts differ."""
