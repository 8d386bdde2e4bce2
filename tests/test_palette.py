"""The colors can be seen, and read, in light and in dark."""

import pytest

from dlbasics.palette import COLORS, DARK, DATA, RC, css

PAGES = [(COLORS, "#ffffff"), (DARK, "#121212"), (DARK, "#14181e"), (DARK, "#222832")]


def luminance(color: str) -> float:
    """Relative luminance after WCAG 2.2."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def test_light_and_dark_name_the_same_colors():
    assert COLORS.keys() == DARK.keys()
    assert set(DATA) < COLORS.keys()
    assert len(set(COLORS.values())) == len(COLORS)


@pytest.mark.parametrize(("colors", "page"), PAGES)
@pytest.mark.parametrize("name", ["ink", "muted", *DATA])
def test_contrast(colors, page, name):
    text = 3 if name == "sky" and colors is COLORS else 4.5  # sky is for marks only
    assert contrast(colors[name], page) >= text


def test_css_names_every_color():
    rule = css(":root", COLORS)
    assert rule.startswith(":root{--dlb-ink:#222222;")
    assert rule.count("--dlb-") == len(COLORS)


def test_matplotlib_knows_the_settings():
    import matplotlib as mpl

    with mpl.rc_context(RC):
        assert mpl.rcParams["text.color"] == COLORS["ink"]
