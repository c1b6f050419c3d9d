"""The account behind the API key, and ``heygen.users``."""

from attrs import frozen

from heygen_async.operation import GET, Answer, Request
from heygen_async.resource import Resource, call

__all__ = [
    "AutoReload",
    "CreditBalance",
    "Credits",
    "GetMe",
    "Subscription",
    "UsageBased",
    "User",
    "Users",
    "Wallet",
]


@frozen
class AutoReload(Answer):
    """Whether the wallet fills itself."""

    enabled: bool = False
    threshold_usd: float | None = None
    """It fills when less than this is left, in US dollars."""

    amount_usd: float | None = None
    """By this much, in US dollars."""


@frozen
class Wallet(Answer):
    """What an API key pays from."""

    currency: str = "usd"
    """``usd`` or ``credits``."""

    remaining_balance: float | None = None
    """In that currency."""

    auto_reload: AutoReload | None = None


@frozen
class CreditBalance(Answer):
    """Credits of a plan."""

    remaining: int | None = None
    resets_at: str | None = None
    """ISO 8601."""


@frozen
class Credits(Answer):
    """The two kinds of credits of a plan."""

    premium_credits: CreditBalance | None = None
    add_on_credits: CreditBalance | None = None


@frozen
class Subscription(Answer):
    """A web plan; API keys do not spend its credits."""

    plan: str = ""
    credits: Credits | None = None


@frozen
class UsageBased(Answer):
    """A contract that is billed by use."""

    included_credits: float | None = None
    remaining_credits: float | None = None
    spending_cap_usd: float | None = None
    spending_current_usd: float | None = None


@frozen
class User(Answer):
    """The account behind the API key."""

    username: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    billing_type: str | None = None
    """``wallet``, ``subscription`` or ``usage_based``: which of the next three is set."""

    wallet: Wallet | None = None
    subscription: Subscription | None = None
    usage_based: UsageBased | None = None


@frozen
class GetMe(Request[User]):
    """Who the API key belongs to, and what is left to spend."""

    endpoint = GET("/v3/users/me")


class Users(Resource):
    """``heygen.users``: the account."""

    me = call(GetMe)
