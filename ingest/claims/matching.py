"""Which entry of the ledger of disputes a contradicted claim is, where it is one of them."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.knowledge import Dispute
from assistant.rules import disputes as ledger
from ingest.claims.agreeing import Held
from ingest.claims.nouns import Amount, Band, Claim, Example, Fee, PaidAlike, Pair, RuleOfThumb


def dispute_of(claim: Claim, held: Held, disputes: Iterable[Dispute]) -> str:
    """The id of the dispute that the claim repeats, or ""."""
    known = tuple(disputes)
    if isinstance(claim, RuleOfThumb):
        return claim.dispute
    if isinstance(claim, Example):
        return _of_units(claim, known)
    if isinstance(claim, Amount):
        return _first(d for d in known if _says_amount(d, claim))
    if isinstance(claim, Band):
        return _first(d for d in known if _says_band(d, claim))
    if isinstance(claim, Pair):
        return _of_pair(claim, known)
    if isinstance(claim, Fee):
        return _first(
            d for d in known if _is_check(d, "money") and claim.code in d.applies["codes"]
        )
    if isinstance(claim, PaidAlike):
        return _first(
            d for d in known if _is_check(d, "ratio") and set(d.check["codes"]) == set(claim.codes)
        )
    return _of_statement(held.statement, known)


def _is_check(dispute: Dispute, kind: str) -> bool:
    return dispute.check.get("kind") == kind


def _says_amount(dispute: Dispute, claim: Amount) -> bool:
    check = dispute.check
    same = str(check.get("published")) == str(claim.amount)
    return same and check.get("parameter") in claim.parameters


def _says_band(dispute: Dispute, claim: Band) -> bool:
    """Whether the ledger's minutes lie in the band, with the units that the band gives them."""
    if not _is_check(dispute, "units") or not dispute.check.get("derived"):
        return False
    given = list(dispute.check["given"].values())
    last = claim.last or claim.first
    published = list(dispute.check["published"].values())
    return len(given) == 1 and claim.first <= given[0] <= last and published == [claim.units]


def _of_units(claim: Example, known: tuple[Dispute, ...]) -> str:
    """The dispute with these minutes and, where the claim names them, these units."""
    for dispute in known:
        if not _is_check(dispute, "units") or dispute.check.get("derived"):
            continue
        given = {str(code): minutes for code, minutes in dispute.check["given"].items()}
        published = {str(code): n for code, n in dispute.check["published"].items()}
        same = claim.minutes.items() <= given.items() and claim.units.items() <= published.items()
        if same and (claim.units or sum(published.values()) == claim.total):
            return dispute.id
    return ""


def _of_pair(claim: Pair, known: tuple[Dispute, ...]) -> str:
    found = [
        dispute
        for n, one in enumerate(claim.codes)
        for other in claim.codes[n + 1 :]
        for dispute in ledger.on_pair(known, one, other)
    ]
    on_it = [d for d in found if claim.marked and d.check.get("modifier_on") == claim.marked]
    return _first(on_it or [d for d in found if "modifier_on" not in d.check])


def _of_statement(statement: str, known: tuple[Dispute, ...]) -> str:
    """The dispute that rests on this statement, or on this parameter."""
    name = statement.partition("@")[0]
    return _first(
        d
        for d in known
        if statement in d.statements or ("@" in statement and d.check.get("parameter") == name)
    )


def _first(found: Iterable[Dispute]) -> str:
    return next((dispute.id for dispute in found), "")
