import json
from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.users import (
    AutoReload,
    CreditBalance,
    Credits,
    GetMe,
    Subscription,
    UsageBased,
    User,
    Users,
    Wallet,
)
from heygen_async.codec import decode

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("payload", "user"),
    [
        ({"username": "u", "wallet": None}, User("u")),
        (
            {
                "username": "u",
                "wallet": {"currency": "usd", "remaining_balance": 4.5, "auto_reload": {"enabled": True}},
            },
            User("u", wallet=Wallet("usd", 4.5, AutoReload(enabled=True))),
        ),
        (
            {"username": "u", "subscription": {"plan": "pro", "credits": {"premium_credits": {"remaining": 7}}}},
            User("u", subscription=Subscription("pro", Credits(CreditBalance(7)))),
        ),
        ({"username": "u", "usage_based": {"spending_cap_usd": 9}}, User("u", usage_based=UsageBased(None, None, 9.0))),
    ],
    ids=["bare", "wallet", "subscription", "usage"],
)
def test_an_account_tells_what_is_left_to_spend(payload: Any, user: User) -> None:
    assert decode(GetMe(), 200, {}, json.dumps({"data": payload}).encode()) == user


async def test_the_account_behind_the_key_is_asked_for() -> None:
    wire = Recorder([User("u")])
    assert await Users(wire).me() == User("u")
    assert wire.sent == [GetMe()]
