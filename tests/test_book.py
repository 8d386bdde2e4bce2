"""What the book's pages state as fact, compared with the facts."""

import hashlib
import re
from pathlib import Path

import numpy as np

from dlbasics.datasets import mnist

BOOK = Path(__file__).resolve().parents[1] / "book"
DATA_CARD = (BOOK / "data_card.md").read_text(encoding="utf-8")
ORIGINAL_FILES = {
    "train-images-idx3-ubyte": ("x_train", 0x803, (60_000, 28, 28)),
    "train-labels-idx1-ubyte": ("y_train", 0x801, (60_000,)),
    "t10k-images-idx3-ubyte": ("x_test", 0x803, (10_000, 28, 28)),
    "t10k-labels-idx1-ubyte": ("y_test", 0x801, (10_000,)),
}


def test_counts_of_the_digits():
    rows = re.findall(r"^\| (\d) \| ([\d,]+) \| ([\d,]+) \|$", DATA_CARD, re.MULTILINE)
    stated = [[int(entry.replace(",", "")) for entry in row] for row in rows]
    arrays = mnist.read_mnist(mnist.PATH)
    counts = [np.bincount(arrays[f"y_{part}"]) for part in ("train", "test")]
    assert stated == np.transpose([range(10), *counts]).tolist()


def test_other_numbers_of_the_data_card():
    arrays = mnist.read_mnist(mnist.PATH)
    most_frequent = np.bincount(arrays["y_test"]).argmax()
    share = 100 * np.mean(arrays["y_test"] == most_frequent)
    stated = f"always answers {most_frequent} is right for {share:.2f} % of the test"
    assert stated in DATA_CARD
    ink = arrays["x_train"] > 0
    assert f"{100 * ink.mean():.0f} % of the pixels carry ink" in DATA_CARD
    blank = int((~ink.any(axis=0)).sum())
    assert f"{blank} of\n  the 784 pixels are blank" in DATA_CARD


def test_checksums_of_the_data_card():
    assert f"`{mnist.SHA256}`" in DATA_CARD
    arrays = mnist.read_mnist(mnist.PATH)
    for name, (key, magic, shape) in ORIGINAL_FILES.items():
        header = np.array([magic, *shape], ">i4").tobytes()
        md5 = hashlib.md5(header + arrays[key].tobytes(), usedforsecurity=False)
        assert f"| {name} | `{md5.hexdigest()}` |" in DATA_CARD


def test_glossary_is_in_order():
    text = (BOOK / "glossary.md").read_text(encoding="utf-8")
    block = text.partition(":::{glossary}\n")[2].partition("\n:::")[0]
    terms = re.findall(r"^(\S.*)$", block, re.MULTILINE)
    assert len(terms) > 40
    assert terms == sorted(terms, key=str.lower)


def test_every_reference_says_where_to_find_it():
    entries = re.split(r"^@", (BOOK / "references.bib").read_text("utf-8"), flags=re.M)
    keys = [entry.partition("{")[2].partition(",")[0] for entry in entries[1:]]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    place = re.compile(r"^  (doi|eprint|url|publisher|school|booktitle) ", re.MULTILINE)
    assert [
        k for k, e in zip(keys, entries[1:], strict=True) if not place.search(e)
    ] == []
