"""Results that take too long for a chapter, or another program, recorded once.

`scripts/record_sigma_sweep.py` and `scripts/make_reference_values.py` made them and
can make them again. The chapters repeat a sample of each.
"""

from __future__ import annotations

from pathlib import Path

from dlbasics.arrays import Array
from dlbasics.models import read_arrays

FOLDER = Path(__file__).parent

RECORDED = ("batch_norm_pytorch", "sigma_sweep")


def load_recorded(name: str) -> dict[str, Array]:
    """Return the arrays of a recording by name: `load_recorded("sigma_sweep")`.

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
    try:
        return read_arrays(FOLDER / f"{name}.npz")
    except (OSError, ValueError) as error:
        raise ValueError(
            f"the recording {name} cannot be read ({error}): "
            "install the package dlbasics again"
        ) from error
