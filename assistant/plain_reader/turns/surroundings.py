"""What a message tells around what was done: payer, counting, day, discipline, setting, dollars."""

from __future__ import annotations

from datetime import date

from assistant.claim import Clinician, CountingRule
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import context, days, disciplines
from assistant.plain_reader.mentions.localities import locality
from assistant.plain_reader.mentions.payers_named import PayerReader, counting_rule, is_medicare
from assistant.plain_reader.turns.anothers import is_anothers
from assistant.plain_reader.turns.follow_up import is_correction


def take(before: Facts, facts: Facts, text: str, today: date, payers: PayerReader) -> None:
    """Put into the facts what the message tells around the treatment.

    Raises:
        ImpossibleFact: an assistant of another discipline than the visit's is said to treat.
    """
    payer = payers.find(text)
    if payer is not None and payer.id != (before.payer.id if before.payer else ""):
        facts.payer, facts.rule = payer, None
    rule = counting_rule(text)
    if rule is not None:
        facts.rule = rule
        if payer is None and rule is CountingRule.AMA and is_medicare(before.payer):
            facts.payer = None
    named = days.date_of_service(text, today)
    if named is not None:
        facts.day = before.day.in_year_of(named, today) if before.day else named
    _discipline(before, facts, text)
    facts.setting = context.setting(text) or facts.setting
    facts.locality = locality(text) or facts.locality
    several = len({s.code for s in before.services}) != 1 or before.activities
    if (separate := context.separate(text)) is not None and (separate or several):
        facts.separate = separate
    owned = disciplines.without_others_amounts(text, facts.discipline)
    money = context.dollars(owned, again=before.dollars.before is not None)
    facts.dollars = money.over(facts.dollars)


def _discipline(before: Facts, facts: Facts, text: str) -> None:
    owners = disciplines.find_anew(text, facts.discipline)
    if len(owners) != 1 or is_anothers(before, facts.codes, text):
        return
    helped = any(s.by is Clinician.ASSISTANT for s in before.services)
    if before.has_minutes and not (helped and is_correction(text)):
        disciplines.refuse_others_assistant(text, before.discipline)
    facts.discipline = owners[0]
