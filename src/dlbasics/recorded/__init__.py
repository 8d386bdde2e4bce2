"""Results that take too long for a chapter, or another program, recorded once.

`scripts/record_sigma_sweep.py` and `scripts/make_reference_values.py` made them and
can make them again. The chapters repeat a sample of each.
"""

from __future__ import annotations

from pathlib import Path

from dlbasics.arrays import Array
from dlbasics.datasets.archive import read_archive

FOLDER = Path(__file__).parent

RECORDED = {
    "batch_norm_pytorch": (
        "4055a89bedc37f2a1295681a1cab8f2597da060977921561d50c986888048fec"
    ),
    "sigma_sweep": "b6f1d45def397a35583ed64e5fa1d4964d0159fec18d18effcc6261ef37bdc6b",
}
"""The recordings and the SHA-256 of their files, to be replaced when made again."""


def load_recorded(name: str) -> dict[str, Array]:
    """Return the arrays of a recording, read-only: `load_recorded("sigma_sweep")`.

    sigma_sweep: chapter 08, a network with five hidden layers of 100 ReLU units on
    1,000 digits, SGD at 0.01, batches of 100, 20 epochs, after Saitoh (2021).
    `sigma` (16,); `train` (16, 2, 5, 20), how many of the 1,000 training images are
    right after each epoch, without [:, 0] and with [:, 1] batch normalization, from
    five seeds; `validation` (16, 2, 5), how many of 1,000 others at the end.
    -1 stands for a run whose numbers overflowed.

    batch_norm_pytorch: three training batches through batch normalization, forward
    and backward, and one at inference, computed by PyTorch in float64. `rows.…` for
    x of shape (7, 4), `images.…` for (3, 2, 5, 4).

    Raises
    ------
    ValueError
        If there is no such recording, or if its file is missing or damaged.
    """
    if name not in RECORDED:
        known = ", ".join(RECORDED)
        raise ValueError(f"load_recorded expected one of {known}; got {name!r}")
    return dict(read_archive(FOLDER / f"{name}.npz", RECORDED[name]))
