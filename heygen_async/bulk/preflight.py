"""Everything that can be known before the first video is paid for: who performs, which files go along, what it costs.

Nothing is created: looks, voices and the wallet are read, each look and voice once per client. Whatever is wrong is
reported at once, by line; otherwise a `Forecast` comes of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus

import anyio.to_thread

from heygen_async.api.media import LocalFile
from heygen_async.api.users import User
from heygen_async.bulk.auditions import Cast, Doubt, audition, wanted_looks, wanted_voices
from heygen_async.bulk.forecast import Fold, Forecast, Quoted, Remark
from heygen_async.bulk.local_files import Look, files_of, inspect
from heygen_async.bulk.prices import ENTERPRISE, PAY_AS_YOU_GO, PriceList
from heygen_async.bulk.quotes import Known, quote
from heygen_async.bulk.roster import Roster
from heygen_async.bulk.rows import Row
from heygen_async.errors import APIError, Problem, RowProblem, RowsInvalid

__all__ = ["preflight", "prices_for"]

_PERSONS_TO_NAME = 10
"""Unknown ids that are looked up once more, to say that they are a person's."""


async def preflight(
    folds: Sequence[Fold], roster: Roster, *, source: str = "the requests", problems: Sequence[RowProblem] = ()
) -> Forecast:
    """Check rows and quote them.

    `source`: where the rows come from, for messages. `problems`: what is known to be wrong already. Raises
    `RowsInvalid` with all that is wrong, `APIError` and `ConnectionFailed` when HeyGen cannot be asked.
    """
    cast = await _cast([fold.first for fold in folds], roster)
    looks = await anyio.to_thread.run_sync(_inspected, folds)
    account = await _account(roster) if folds else None  # else nothing has to be paid
    findings = [(row, finding) for fold in folds for finding in _findings(fold, cast, looks) for row in fold.rows]
    problems = [
        *problems,
        *(RowProblem(row.line, one.field, one.reason) for row, one in findings if isinstance(one, Problem)),
    ]
    if problems:
        raise RowsInvalid(source, problems)
    known = Known(
        looks=cast.looks,
        languages={id_: voice.language for id_, voice in cast.voices.items() if voice.language},
        sounds={file.path: look.seconds for file, look in looks.items() if look.seconds is not None},
    )
    prices = prices_for(account)
    return Forecast(
        renders=[Quoted(fold, quote(fold.first.request, known, prices)) for fold in folds],
        account=account,
        prices=prices,
        known=known,
        remarks=_remarks((row, one) for row, one in findings if isinstance(one, Doubt)),
    )


def prices_for(account: User | None) -> PriceList:
    """Choose the price list of an account; ``None``: nobody knows whose it is."""
    if account is None:
        return PAY_AS_YOU_GO
    credits_ = account.wallet is not None and account.wallet.currency == ENTERPRISE.currency
    return ENTERPRISE if credits_ or account.billing_type == "usage_based" else PAY_AS_YOU_GO


async def _cast(rows: Sequence[Row], roster: Roster) -> Cast:
    """Look up who performs."""
    looks = dict.fromkeys(look for row in rows for look in wanted_looks(row.request))
    await roster.looks.find(looks)
    voices = dict.fromkeys(voice for row in rows for voice in wanted_voices(row.request, roster.looks.found))
    await roster.voices.find(voices)
    found = roster.looks.found
    unknown = [look for look in looks if look not in found]
    persons = {look: await roster.looks_of(look) for look in unknown[:_PERSONS_TO_NAME]}
    return Cast(found, roster.voices.found, {look: names for look, names in persons.items() if names})


async def _account(roster: Roster) -> User | None:
    """Read the account; a key that may only make videos is no obstacle."""
    try:
        return await roster.account()
    except APIError as refusal:
        if refusal.retryable or refusal.status == HTTPStatus.UNAUTHORIZED:  # the run would be in vain
            raise
        return None


def _inspected(folds: Iterable[Fold]) -> Mapping[LocalFile, Look]:
    files = dict.fromkeys(file for fold in folds for _, file in files_of(fold.first.request))
    return {file: inspect(file) for file in files}


def _findings(fold: Fold, cast: Cast, looks: Mapping[LocalFile, Look]) -> Iterator[Problem | Doubt]:
    yield from audition(fold.first.request, cast)
    for place, file in files_of(fold.first.request):
        yield from (Problem(place, reason) for reason in looks[file].reasons)
        yield from (Doubt(place, reason) for reason in looks[file].doubts)


def _remarks(doubts: Iterable[tuple[Row, Doubt]]) -> list[Remark]:
    """Say each doubt once, with all its lines."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for row, doubt in doubts:
        lines[doubt.reason].append(row.line)
    return [Remark(sorted(set(places)), text) for text, places in lines.items()]
