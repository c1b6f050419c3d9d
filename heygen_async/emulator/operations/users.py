"""Show the account."""

from heygen_async.api.users import AutoReload, GetMe, User, Wallet
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.service import Visit

__all__ = ["users"]

users = Clerk()


@users.answers(GetMe)
async def me(visit: Visit, _: GetMe) -> User:
    """Show whose key it is, and what is left in the wallet."""
    return User(
        username=visit.account.username,
        email="emulator@example.com",
        first_name="Emulated",
        last_name="Account",
        billing_type="wallet",
        wallet=Wallet("usd", round(visit.account.wallet.balance, 4), AutoReload(enabled=False)),
    )
