"""What the browser tests of explorers share."""


def ready(page, ident):
    """Bring an explorer into view and wait for its frames."""
    root = page.locator(f"#{ident}")
    root.scroll_into_view_if_needed()
    root.locator(".dlb-picture[aria-busy=false]").wait_for()
    return root


def label(root):
    return root.locator(".dlb-picture svg").get_attribute("aria-label")


def after(root, action):
    """Do something and return the alt text, which has to change."""
    before = label(root)
    action()
    root.page.wait_for_function(
        "([id, old]) => document.querySelector(`#${id} .dlb-picture svg`)"
        ".getAttribute('aria-label') !== old",
        arg=[root.get_attribute("id"), before],
    )
    return label(root)
