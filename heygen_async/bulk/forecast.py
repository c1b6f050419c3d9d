"""What a run is going to do and what it will cost, as values: what comes of a preflight, and what a plan shows."""

from collections.abc import Sequence

from attrs import field, frozen

from heygen_async.api.users import User
from heygen_async.bulk.prices import ENTERPRISE, PAY_AS_YOU_GO, PriceList
from heygen_async.bulk.quotes import Known, Quote
from heygen_async.bulk.rows import Row
from heygen_async.bulk.span import Span

__all__ = ["Fold", "Forecast", "Quoted", "Remark"]


@frozen
class Fold:
    """Rows that one render is for, because they ask for the same."""

    first: Row
    """The one that is sent."""

    others: Sequence[Row] = ()
    """Those that get a copy of its file."""

    @property
    def rows(self) -> Sequence[Row]:
        """All of them."""
        return sorted([self.first, *self.others], key=lambda row: row.line)


@frozen
class Quoted:
    """One render, and what it will cost."""

    fold: Fold
    """The rows that it is for."""

    quote: Quote


@frozen
class Remark:
    """Something that may go wrong, and does not stop a run."""

    lines: Sequence[int]
    """The rows that it is about; none: all of them."""

    text: str


@frozen(kw_only=True)
class Forecast:
    """What a run is going to do, and what it will cost."""

    renders: Sequence[Quoted]
    """What is to be made, in the order of the input."""

    kept: int = 0
    """Rows whose file is there already: nothing is asked or paid for them."""

    paid: int = 0
    """Rows whose video an earlier run has paid for: it is picked up."""

    account: User | None = None
    """Whose wallet it is; ``None``: HeyGen does not tell this API key."""

    prices: PriceList = PAY_AS_YOU_GO
    """What the quotes go by."""

    known: Known = field(factory=Known, repr=False)
    """What was found out on the way."""

    remarks: Sequence[Remark] = ()
    """What may go wrong."""

    @property
    def rows(self) -> int:
        """Rows that will have a file of a new render."""
        return sum(len(quoted.fold.rows) for quoted in self.renders)

    @property
    def usd(self) -> Span:
        """US dollars for all of it."""
        return Span.sum(quoted.quote.usd for quoted in self.renders)

    @property
    def seconds(self) -> Span:
        """Seconds of video."""
        return Span.sum(quoted.quote.seconds for quoted in self.renders)

    @property
    def balance(self) -> float | None:
        """US dollars in the wallet; ``None``: nobody knows, or there is none."""
        return self.dollars_of(self.account)

    @staticmethod
    def dollars_of(account: User | None) -> float | None:
        """Return US dollars in the wallet of an account; ``None``: nobody knows, or there is none."""
        wallet = account.wallet if account else None
        if wallet is None or wallet.remaining_balance is None:
            return None
        return wallet.remaining_balance * (ENTERPRISE.dollars if wallet.currency == ENTERPRISE.currency else 1.0)
