"""The way in for whoever tests from another process: faults, the log and the account as JSON."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from visitor import ANNA, Visitor, another

from heygen_async.clock import ManualClock
from heygen_async.emulator import Chaos, Emulator, FailRender, Fault, Nothing, Page, ResetBefore
from heygen_async.emulator.notation import write_fault

pytestmark = pytest.mark.anyio

BODY = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!", "title": "One"}


async def look(visitor: Visitor, what: str, **query: Any) -> Any:
    answer = await visitor.fetch(f"{visitor.base}/emulator/{what}?" + "&".join(f"{k}={v}" for k, v in query.items()))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    return answer.body


async def test_faults_are_shown_added_and_taken_back(visitor: Visitor, emulator: Emulator) -> None:
    assert await look(visitor, "faults") == {"faults": [], "counts": {}, "story": []}
    fault = Fault(Nothing(502), path="/v3/users/*", times=2)
    answer = await visitor.post("/emulator/faults", [write_fault(fault), {"chaos": {"seed": 7, "rate": 0}}])
    assert answer.body["faults"] == [write_fault(one) for one in (fault, *Chaos(seed=7, rate=0))]
    assert emulator.faults.pending() == [fault, *Chaos(seed=7, rate=0)]
    assert (await visitor.get("/v3/users/me")).status == 502
    seen = await look(visitor, "faults")
    assert seen["story"] == [{"method": "GET", "path": "/v3/users/me", "what": {"type": "Nothing", "status": 502}}]
    assert seen["counts"] == {"Nothing": 1}
    answer = await visitor.delete("/emulator/faults")
    assert (answer.status, answer.body["faults"], answer.body["counts"]) == (200, [], {"Nothing": 1})
    assert (await visitor.get("/v3/users/me")).status == 200


async def test_a_fault_that_makes_no_sense_is_named_and_nothing_is_added(visitor: Visitor, emulator: Emulator) -> None:
    answer = await visitor.post("/emulator/faults", [{"what": {"type": "Stuck"}}, {"what": {"type": "Cut"}}])
    assert answer.refusal == (400, "invalid_parameter", "1.what.after")
    answer = await visitor.send("POST", "/emulator/faults", data=b"{")
    assert answer.refusal == (400, "invalid_parameter", None)
    assert emulator.faults.pending() == []


async def test_no_fault_happens_here_and_nothing_of_it_is_in_the_log(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(ResetBefore()))
    assert (await look(visitor, "faults"))["story"] == []
    assert (await look(visitor, "log"))["served"] == []
    assert not emulator.log.served
    assert (await visitor.get("/emulator/nowhere")).refusal == (404, "not_found", None)


async def test_the_log_can_be_asked_for_by_patterns(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Page(502), method="GET", times=1))
    await visitor.get("/v3/users/me")
    await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    emulator.log.note("a remark")
    whole = await look(visitor, "log")
    assert [one["status"] for one in whole["served"]] == [502, 200, 200]
    assert whole["counts"] == {"GET /v3/users/me": 1, "POST /v3/videos": 2}
    assert whole["notes"] == ["a remark"]
    posts = (await look(visitor, "log", method="POST", path="/v3/*"))["served"]
    assert [(one["idempotency_key"], one["replayed"]) for one in posts] == [("a", False), ("a", True)]
    assert [one["replayed"] for one in (await look(visitor, "log", limit=1))["served"]] == [True]
    assert (await look(visitor, "log", limit=0))["served"] == []
    assert (await visitor.get("/emulator/log", limit="x")).refusal == (400, "invalid_parameter", "limit")


async def test_the_account_says_what_was_paid_under_which_key(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender(), times=1))
    ids = []
    for key in ("a", "b", "a"):
        answer = await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": key})
        ids.append(answer.data["video_id"])
    ids.append(await visitor.create())
    assert ids[0] == ids[2]
    await visitor.clock.advance(62)
    seen = await look(visitor, "account")
    assert seen["by_key"] == {"a": [ids[0]], "b": [ids[1]]}
    assert (seen["without_key"], seen["payments"]) == ([ids[3]], 3)
    cost = emulator.account.videos[ids[0]].cost
    assert (seen["charged"], seen["refunded"]) == (pytest.approx(3 * cost), pytest.approx(cost))
    assert seen["balance"] == pytest.approx(1000 - 2 * cost)
    assert seen["slots"] == {"cap": 10, "running": 0, "waiting": 0}
    works = {work["id"]: work for work in seen["works"]}
    told = [(works[one]["status"], works[one]["refunded"], works[one]["idempotency_key"]) for one in ids[:2]]
    assert told == [("failed", True, "a"), ("completed", False, "b")]
    assert [works[one]["title"] for one in (ids[0], ids[3])] == ["One", None]
    assert (works[ids[3]]["noun"], works[ids[3]]["idempotency_key"]) == ("video", None)


async def test_what_was_paid_and_deleted_is_still_in_the_books(visitor: Visitor) -> None:
    answer = await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    await visitor.clock.advance(62)
    await visitor.delete(f"/v3/videos/{answer.data['video_id']}")
    seen = await look(visitor, "account")
    assert (seen["works"], seen["by_key"]) == ([], {"a": [answer.data["video_id"]]})


async def test_a_key_of_its_own_locks_this_door_too(clock: ManualClock) -> None:
    async with another(clock, api_key="right") as (_, visitor):
        assert (await visitor.fetch(f"{visitor.base}/emulator/account")).status == 401
        answer = await visitor.send("GET", "/emulator/account", headers={"x-api-key": "right"})
        assert answer.status == 200
    async with another(clock) as (_, visitor):
        assert (await visitor.fetch(f"{visitor.base}/emulator/account")).status == 200


async def test_another_process_finds_it(emulator: Emulator) -> None:
    program = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1] + '/emulator/faults').read().decode())"
    words = [sys.executable, "-c", program, emulator.url]
    done = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, check=True)
    assert done.stdout == '{"faults": [], "counts": {}, "story": []}\n'
