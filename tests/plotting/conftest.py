"""What the tests of figures share."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def fresh_figures():
    with mpl.rc_context({"backend": "agg"}):
        yield
    plt.close("all")
