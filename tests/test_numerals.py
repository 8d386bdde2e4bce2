"""Numbers in the prose and what the cells say: they cannot drift apart.

Why and how is told in docs/decisions/0017-numerals.md.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chapters import APPENDICES, PATHS, Chapter
from numerals import KINDS, Numerals, claims, computed, covers, entries, proved, rounds

NOTEBOOKS = map(Chapter, [*PATHS, *APPENDICES])
CHAPTERS = {each.number: Numerals(each) for each in NOTEBOOKS}
EVERY_CHAPTER = pytest.mark.parametrize("number", CHAPTERS)


def speaks_for(entry: dict, claim) -> bool:
    """Whether an entry of the list proves the claim, or says why nothing need to."""
    if "proof" in entry:
        scale = 100 if claim.percent else 1
        return any(rounds(scale * value, claim) for value in computed(entry["proof"]))
    if "shown_in" in entry:
        return proved(claim, CHAPTERS[entry["shown_in"]].whole)
    return entry["kind"] in KINDS and len(entry["why"].split()) >= 2


@EVERY_CHAPTER
def test_numbers_in_the_prose_are_backed(number):
    listed, open_claims = entries(number), []
    for claim in CHAPTERS[number].unproved():
        fitting = [entry for entry in listed if covers(entry["text"], claim)]
        if not any(speaks_for(entry, claim) for entry in fitting):
            open_claims.append(f"{claim.text}: {claim.sentence}")
    assert not open_claims, "no cell shows:\n" + "\n".join(open_claims)


@EVERY_CHAPTER
def test_the_list_holds_nothing_that_is_not_needed(number):
    needed = CHAPTERS[number].unproved()
    for entry in entries(number):
        assert any(covers(entry["text"], claim) for claim in needed), entry["text"]


@EVERY_CHAPTER
def test_a_changed_number_is_noticed(number):
    """Of the numbers with three digits or more, moved by one in the last."""
    chapter, moved, noticed = CHAPTERS[number], 0, 0
    for i, (found, _) in enumerate(chapter.sections):
        for claim in found:
            backing = chapter.backing(i, claim)
            if claim.is_short or claim.percent or not proved(claim, backing):
                continue
            unit = Decimal(1).scaleb(claim.value.as_tuple().exponent)
            for wrong in (claim.value - unit, claim.value + unit):
                moved += 1
                noticed += not proved(replace(claim, value=wrong), backing)
    assert noticed >= 0.7 * moved


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("It reads 97.6 % of 2,000 digits.", ["97.6 %", "2,000"]),
        ("About 1,024 of them, and three more", ["1,024"]),
        ("a loss of −0.25, or 10⁻⁵", ["−0.25"]),
        ("`x = 12`, $y = 13$, [a](p14.html), {cite}`lecun1998` and float32", []),
        ("## The 50 layers\n\nin chapter 12, section 3.4, of 1998", []),
        ("3 apples and 10 pears count themselves, 11 do not", ["11"]),
        ("from 12 to 15; 28 × 28", ["12", "15", "28", "28"]),
        ("```python\nx = 77\n```\nand 78", ["78"]),
        ("$$\nx = 77\n$$ (eq-x)\n\nand 78", ["78"]),
        ("<details><summary>55</summary>**No.** 66</details>", ["55", "66"]),
    ],
)
def test_which_numerals_are_claims(markdown, expected):
    assert [claim.text for claim in claims(markdown)] == expected


@pytest.mark.parametrize(
    ("text", "value", "backed"),
    [
        ("97.6 %", "0.9764", True),
        ("97.6 %", "97.64", True),
        ("97.6 %", "0.9834", False),
        ("0.25", "0.2513", True),
        ("0.25", "0.2613", False),
        ("about 130", "129.7", True),
        ("exactly 130", "129.7", False),
        ("1,024", "1024", True),
    ],
)
def test_what_backs_a_claim(text, value, backed):
    (claim,) = claims(text)
    assert proved(claim, {Decimal(value)}) is backed
