"""Results that take too long for a chapter, or another program, recorded once.

`scripts/record_….py` and `scripts/make_reference_values.py` made them and can make
them again. The chapters repeat a sample of each.
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
    "convnet_seeds": (
        "874887ceb0a72fa6a43202e12d8324e2a18f1d7dbfd4ce0586174f5fbb501720"
    ),
    "ladder": "d7a7d15a55708704f24ef09066df8a693637a5d6ca2fdd77b8f831bcffa2c467",
    "sigma_sweep": "b6f1d45def397a35583ed64e5fa1d4964d0159fec18d18effcc6261ef37bdc6b",
    "speed": "fef2012335c3f0ea372014abf16873adbe08da7cc6ef11f002f204f39012d825",
    "transfer": "dec578362b28e01b7eb1deeaf7f32eccb262c59ea7d4df55f529716698ff75e6",
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

    convnet_seeds: chapter 11, how many of the 10,000 test images of MNIST are right
    after one epoch, from five seeds. `convolution` (5,), a network of 30 filters of
    5 × 5, pooling, 100 and 10 units; `dense` (5,), one of 784-100-10 units. How many
    of the first 1,000 are right when moved to the right by 0 to 8 pixels, after
    10,000 images seen once, from three seeds: `moved_mean` (3, 9), the network
    `mnist_gap`; `moved_flat` (3, 9), the same with `Flatten` in place of its mean.

    ladder: chapter 12, the eight networks of `ablation.RUNGS` after 1,000 digits of
    14 × 14 pixels. `single` (8, 5), shares of the 10,000 test images that are right,
    from five seeds; `untuned` (8, 5), the same with the learning rate 0.001 for all;
    `ensemble` (8, 6), the same of the mean answer of four networks, [:, i] without
    seed i, and [:, 5] of all five.

    transfer: chapter 12, the digits 5 to 9 learned from few labels in the four ways
    of `transfer.WAYS`. `labels` (5,), how many; `accuracy` (4, 5, 5), by way, number
    of labels and seed, on 2,000 other training images.

    batch_norm_pytorch: three training batches through batch normalization, forward
    and backward, and one at inference, computed by PyTorch in float64. `rows.…` for
    x of shape (7, 4), `images.…` for (3, 2, 5, 4).

    speed: the appendix "How fast is this?", by `benchmarks/record.py` on the `machine`
    whose name is stored in UTF-8. `seconds_1` (6, 5, 3) with one thread, `seconds_2`
    (6, 5, 3) with two, `seconds_other` (6, 5, 3) with one and the second of the two
    `kernels` of OpenBLAS (UTF-8): works, rounds, and dlbasics, PyTorch, textbook.
    `peaks` (6, 3) and `held` (20,): bytes. `by_samples` (5, 6), `by_width` (5, 6) and
    `by_depth` (5, 6): seconds per update, by round and size. `by_block` (5, 6, 2, 2):
    seconds for 10,000 predictions by round, size of block, program (dlbasics,
    PyTorch), all of it and the part spent in the operating system; `by_block_kept`
    (5, 6, 2, 2), the same where the C library keeps the memory it is given back.

    Raises
    ------
    ValueError
        If there is no such recording, or if its file is missing or damaged.
    """
    if name not in RECORDED:
        known = ", ".join(RECORDED)
        raise ValueError(f"load_recorded expected one of {known}; got {name!r}")
    return dict(read_archive(FOLDER / f"{name}.npz", RECORDED[name]))
