"""What of a document is kept and what is left out: no rule is lost with the furniture."""

from itertools import pairwise

import pytest

from assistant.documents import PAGE_BREAK
from ingest.cutting import cut

RULE = "The plan pays at most four timed units a day for each member."


def texts(text: str) -> list[str]:
    return [text[one.start : one.end] for one in cut(text)]


def test_passages_are_exact_stretches_under_their_headings():
    text = (
        "# One\n\nThe first thing that is said here.\n\n## Two\n\nThe second thing that is said.\n"
    )
    assert [(one.heading, text[one.start : one.end]) for one in cut(text)] == [
        ("One", "The first thing that is said here."),
        ("One > Two", "The second thing that is said."),
    ]


def test_a_question_stays_with_its_answer():
    text = (
        "FAQ\nCan both be billed?\nYes, when each had its own minutes and aim.\n"
        "How is time kept?\nWrite the minutes of each service in the note.\n"
    )
    assert texts(text) == [
        "Can both be billed?\nYes, when each had its own minutes and aim.",
        "How is time kept?\nWrite the minutes of each service in the note.",
    ]


def test_a_table_stays_whole_with_its_header():
    rows = "\n".join(f"| {n} to {n + 14} minutes | {n // 15} units |" for n in range(8, 300, 15))
    filling = "A sentence of filling words. " * 40
    text = f"Units\n\n{filling}\n\n| Minutes | Units |\n|---|---|\n{rows}\n"
    assert any(one.startswith("| Minutes") and one.endswith(rows[-20:]) for one in texts(text))


def test_long_sections_are_cut_at_sentences_and_overlap_a_little():
    text = " ".join(
        f"Sentence number {n} says that the minutes are counted once." for n in range(60)
    )
    found = texts(text)
    assert len(found) > 3
    for one, following in pairwise(found):
        assert one.endswith(".")
        assert len(one.split()) <= 130
        assert following.split(".")[0] in one


def test_furniture_is_left_out_and_no_passage_runs_over_it():
    text = (
        "Home\nPricing\nAbout us\nCareers\nLog in\n\n"
        "Medicare adds the timed minutes of the day first.\n"
        "Register to view content\nRegister to view content\nRegister to view content\n"
        "The total then says how many units there are.\n"
        "Share this on Facebook\n© 2026 Somebody. All rights reserved.\n"
    )
    assert texts(text) == [
        "Medicare adds the timed minutes of the day first.",
        "The total then says how many units there are.",
    ]


@pytest.mark.parametrize(
    "says",
    [
        "If a claim is denied, log in to the portal and attach the notes within 30 days.",
        "For prior authorization, contact us at 800-555-0100 before the sixth visit.",
        "Providers must sign up for electronic funds transfer before March to be paid.",
        "The patient baked cookies to practise kitchen safety in sitting and standing.",
        "Copyright rules apply: the codes are owned by the AMA and licensed to the plan.",
        "(c) the note shows who treated and for how many minutes",
        "30 days after the visit the claim is late and is denied.",
    ],
)
def test_a_rule_that_sounds_like_furniture_stays(says: str):
    assert says in "\n".join(texts(f"{RULE}\n\n{says}\n"))


@pytest.mark.parametrize(
    "says",
    [
        "We use cookies. Accept all cookies to continue to this page.",
        "Subscribe to our newsletter for weekly tips about billing and compliance.",
        "Get started with a free trial today, no credit card needed.",
        "© 2026 Example Health Plan",
        "Log in",
        "Read more",
        "7 min read",
        "Dear Provider,",
    ],
)
def test_furniture_goes(says: str):
    assert texts(f"{RULE}\n\n{says}\n") == [RULE]


def test_a_list_of_what_to_send_is_no_menu():
    marked = "- Plan of care\n- Last progress report\n- Signed order\n- Visit notes"
    bare = marked.replace("- ", "")
    for given in (marked, bare):
        assert texts(f"# Appeals\n\nSend all of these with an appeal:\n\n{given}\n")[0].endswith(
            given
        )
    assert texts(f"# What to send\n\n{bare}\n") == [bare]


def test_a_menu_is_one_with_marks_too():
    assert texts(f"- Home\n- Codes\n- Guides\n- About us\n\n{RULE}\n") == [RULE]


def test_what_repeats_under_each_heading_belongs_to_each():
    text = "".join(f"# Code {n}\n\nPrior authorization is required.\n\n" for n in (1, 2, 3, 4))
    found = cut(text)
    assert [one.heading for one in found] == ["Code 1", "Code 2", "Code 3", "Code 4"]


def test_a_short_rule_stays_with_its_heading():
    [one] = cut("# Hot and cold packs (97010)\n\nNot covered.\n")
    assert one.heading == "Hot and cold packs (97010)"


@pytest.mark.parametrize("pages", [2, 5])
def test_running_titles_and_page_numbers_go(pages: int):
    text = PAGE_BREAK.join(
        f"11/21/26 Manual\n\nMatter {'abcde'[n]} of the manual: {RULE}\n\nPage {n + 1} of 5"
        for n in range(pages)
    )
    found = texts(text)
    assert len(found) == pages
    assert not any("26 Manual" in one or "Page" in one for one in found)


def test_a_code_that_opens_every_page_is_no_page_number():
    text = PAGE_BREAK.join(f"{code}: four units\n\n{RULE}" for code in (97110, 97530))
    assert "97110: four units" in texts(text)[0] or cut(text)[0].heading == "97110: four units"
