"""Reading progress: kept in the browser, offered on the welcome page, forgotten."""

import pytest

CHAPTER, WELCOME = "notebooks/07_initialization.html", "book/welcome.html"
KEY = "deep-learning-from-the-basics:progress"
READ = f'nav a[href$="{CHAPTER}"] .dlb-read'
KEPT = f"JSON.parse(localStorage.getItem('{KEY}'))"


def test_a_chapter_read_to_its_end_is_marked_and_can_be_forgotten(page, site_url):
    page.goto(f"{site_url}{WELCOME}")
    assert page.locator(".dlb-continue, .dlb-read").count() == 0
    page.goto(f"{site_url}{CHAPTER}")
    heading = page.locator("article h2").nth(2)
    heading.evaluate("h => h.scrollIntoView()")
    page.wait_for_function(f"() => {KEPT}?.last.section")
    page.reload()
    assert page.locator(".dlb-read").count() == 0, "read, without seeing the end"
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function(f"() => {KEPT}?.read.length === 1")
    heading.evaluate("h => h.scrollIntoView()")
    expected = heading.evaluate("h => h.firstChild.textContent.trim()")
    page.wait_for_function(f"words => {KEPT}.last.section === words", arg=expected)

    page.goto(f"{site_url}{WELCOME}")
    assert page.locator(READ).text_content() == "✓ read"
    link = page.locator(".dlb-continue a")
    assert expected in link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CHAPTER}#*")
    assert heading.evaluate("h => Math.abs(h.getBoundingClientRect().top)") < 200

    page.goto(f"{site_url}{WELCOME}")
    page.locator(".dlb-continue button").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("status").inner_text() == "Your progress is forgotten."
    assert page.locator(READ).count() == 0
    assert page.evaluate("() => localStorage.getItem('" + KEY + "')") is None


def test_a_page_from_disk_marks_what_was_read_on_it(page, site_dir):
    """What another page from disk finds of it, the HTML standard leaves open."""
    page.goto(f"{site_dir.as_uri()}/{CHAPTER}")
    assert page.locator(".dlb-read").count() == 0
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    assert page.locator("nav .dlb-read").text_content() == "✓ read"


@pytest.mark.parametrize("kept", ["no JSON", "{}", "[]", '{"read": [1], "last": {}}'])
def test_what_somebody_else_left_there_does_no_harm(page, site_url, kept):
    page.add_init_script(f"localStorage.setItem('{KEY}', {kept!r})")
    page.goto(f"{site_url}{WELCOME}")
    assert page.locator("article h1").is_visible()
    assert page.locator(".dlb-continue, .dlb-read").count() == 0


def test_a_browser_that_keeps_nothing(page, site_url):
    page.add_init_script(
        """for (const name of ["getItem", "setItem", "removeItem"]) {
            const real = Storage.prototype[name];
            Storage.prototype[name] = function (key, ...rest) {
                if (key.includes("progress")) throw new DOMException("SecurityError");
                return real.call(this, key, ...rest);
            };
        }"""
    )
    page.goto(f"{site_url}{CHAPTER}")
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(700)
    assert page.locator(".dlb-read").count() == 0
