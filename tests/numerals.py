"""Which numerals of a chapter's prose claim a result, and what proves them."""

from __future__ import annotations

import ast
import math
import re
import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cached_property

import numpy as np
from chapters import ROOT, Chapter

# A numeral, not part of a name, a date or a version; perhaps signed, perhaps a share.
NUMERAL = re.compile(
    r"(?<![\w.,/^])(?P<sign>[-−]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<percent>\s?(?:%|percent\b))?(?![\w/]|[.,]\d)"
)
# What is no prose, or no claim: code, formulas, headings, names of other places.
NOT_PROSE = [
    (r"^```.*?^```", "fenced code and math"),
    (r"\$\$.*?\$\$(?: \([\w-]+\))?", "equations"),
    (r"(?<!\\)\$[^$]+\$", "formulas"),
    (r"<!--.*?-->", "comments"),
    (r"^#+ .*$", "headings"),
    (r"^:(?!::)[\w-]+:.*$", "options of directives"),
    (r"^:::\{\w+\}.*$", "first lines of directives"),
    (r"^(?:Source|\*\*Running|\*\*Reading|\*\*Builds on).*$", "the head of a chapter"),
    (r"\{[\w:]+\}`[^`]*`", "roles: citations, terms, references"),
    (r"`[^`]*`", "code"),
    (r"\]\([^)]*\)", "addresses of links"),
    (r"</?[a-z][^>]*>", "tags"),
    (
        r"\b(?:[Cc]hapters?|[Ss]ections?|[Ee]xercises?|[Ff]igures?|[Pp]arts?|[Pp]ages?)"
        r"\s\d+(?:\.\d+)?(?:(?:,| and| to|,\sand)\s\d\d+(?:\.\d+)?)*",
        "places in a book",
    ),
    (r"^\*\*\d+\.|^\s*\d+\. ", "numbers of questions and lists"),
    (r"\b(?:1[6-9]|20)\d\d\b(?![.,]\d)", "years"),
]
NOT_PROSE = [(re.compile(p, re.MULTILINE | re.DOTALL), why) for p, why in NOT_PROSE]
CLOSING = 5  # quiz, exercises, summary …: about the whole chapter
ROUGHLY = (
    r"\b(?:about|some|almost|nearly|roughly|over|under|around|more than|less than)"
)
KINDS = {"setting", "question", "citation", "explorer"}
MNIST = {Decimal(60_000), Decimal(10_000)}  # images to train on and to test on


@dataclass(frozen=True)
class Claim:
    """A numeral in its sentence, and its value."""

    text: str
    sentence: str
    start: int  # within the sentence
    value: Decimal
    percent: bool

    @property
    def decimals(self) -> int:
        return max(-self.value.as_tuple().exponent, 0)

    @property
    def claims_much(self) -> bool:
        """Whole numbers up to ten count things that stand beside them."""
        return self.percent or self.decimals > 0 or abs(self.value) > 10

    @property
    def is_short(self) -> bool:
        return len(str(self.value).strip("-0.").replace(".", "").rstrip("0")) < 3

    @property
    def is_rough(self) -> bool:
        before = self.sentence[: self.start]
        return self.percent or bool(re.search(ROUGHLY + r"\s+[-−]?$", before))


def prose_of(markdown: str) -> str:
    for pattern, _ in NOT_PROSE:
        markdown = pattern.sub(lambda m: "\n" if "\n\n" in m[0] else " ", markdown)
    return markdown


def sentences(markdown: str) -> list[str]:
    paragraphs = re.split(r"\n\s*\n|^[-|*] |\|", prose_of(markdown), flags=re.M)
    return [
        " ".join(sentence.split())
        for paragraph in paragraphs
        for sentence in re.split(r"(?<=[.?:;])\s+(?=[A-Z*])", paragraph)
    ]


def numerals(text: str) -> list[tuple[str, int, Decimal, bool]]:
    """Return (text, start, value, is it a share) of every numeral."""
    found = []
    for match in NUMERAL.finditer(text):
        value = Decimal(match["digits"].replace(",", ""))
        value = -value if match["sign"] else value
        found.append((match[0], match.start(), value, bool(match["percent"])))
    return found


class Numerals:
    """A chapter's claims, its evidence, and the list of what needs none."""

    def __init__(self, chapter: Chapter) -> None:
        self.chapter = chapter

    @cached_property
    def sections(self) -> list[tuple[list[Claim], set[Decimal]]]:
        """For each section its claims, and the numbers that its cells hold."""
        sections: list[tuple[list[Claim], set[Decimal]]] = [([], set())]
        for cell in self.chapter.cells:
            if cell.cell_type == "code":
                sections[-1][1].update(evidence(cell))
                continue
            for part in re.split(r"(?m)^(?=## )", cell.source):
                if part.startswith("## "):
                    sections.append(([], set()))
                sections[-1][0].extend(claims(part))
        return sections

    @cached_property
    def tested(self) -> set[Decimal]:
        """The numbers in the tests of what the chapter says of its explorers."""
        tests = ROOT / "tests" / f"test_chapter{self.chapter.number}.py"
        found = constants(tests.read_text("utf-8")) if tests.exists() else set()
        return found | MNIST

    @cached_property
    def whole(self) -> set[Decimal]:
        return set().union(*(values for _, values in self.sections))

    def backing(self, i: int, claim: Claim) -> set[Decimal]:
        """The numbers that may back a claim of section i.

        Three digits may be backed by any cell, fewer, which coincide easily, only by
        the cells of their section; the last sections look back on all of them.
        """
        inside = 0 < i < len(self.sections) - CLOSING
        near = self.sections[i][1] if inside and claim.is_short else self.whole
        return self.tested | near

    def unproved(self) -> list[Claim]:
        return [
            claim
            for i, (found, _) in enumerate(self.sections)
            for claim in found
            if not proved(claim, self.backing(i, claim))
        ]


def claims(markdown: str) -> list[Claim]:
    return [
        claim
        for sentence in sentences(markdown)
        for text, start, value, percent in numerals(sentence)
        if (claim := Claim(text, sentence, start, value, percent)).claims_much
    ]


def evidence(cell: dict) -> set[Decimal]:
    """What a cell sets, asserts and prints."""
    printed = " ".join(map(shown, cell.outputs))
    return constants(cell.source) | {value for _, _, value, _ in numerals(printed)}


def proved(claim: Claim, values: set[Decimal]) -> bool:
    if claim.percent:
        values = values | {100 * value for value in values}
    if claim.is_rough or claim.decimals:
        return any(rounds(value, claim) for value in values)
    return claim.value in values


def covers(text: str, claim: Claim) -> bool:
    """Whether this stretch of the sentence holds the numeral."""
    return any(
        m.start() <= claim.start and claim.start + len(claim.text) <= m.end()
        for m in re.finditer(re.escape(text), claim.sentence)
    )


def entries(number: str) -> list[dict]:
    """The list of what a chapter's own cells do not show, with what speaks for it."""
    path = ROOT / "tests" / "numerals" / f"{number}.toml"
    return tomllib.loads(path.read_text("utf-8"))["claim"] if path.exists() else []


def computed(expressions: list[str]) -> set[Decimal]:
    names = {"math": math, "np": np, "round": round, "__builtins__": {}}
    return {Decimal(repr(float(eval(e, names)))) for e in expressions}


def rounds(value: Decimal, claim: Claim) -> bool:
    """Whether a printed value is the claim, once it has as few digits."""
    if abs(value) > 10**12:
        return False
    unit = Decimal(1).scaleb(claim.value.as_tuple().exponent)
    ways = (ROUND_HALF_UP, ROUND_HALF_EVEN)
    return any(value.quantize(unit, way) == claim.value for way in ways)


def constants(source: str) -> set[Decimal]:
    """The numbers that stand in code, those of strings included."""
    source = re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float()):
                found.add(Decimal(repr(node.value)))
            case ast.Constant(value=str()):
                found |= {value for _, _, value, _ in numerals(node.value)}
    return found | {-value for value in found}


def shown(output: dict) -> str:
    """The text of an output: what was printed, or stands for a result."""
    return output.get("text", "") or output.get("data", {}).get("text/plain", "")
