"""What the browser tests of explorers share."""


def at(page, address):
    """Open a page unless it is open."""
    if page.url != address:
        page.goto(address)


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


# In the page: what is to happen after so many milliseconds waits in `held` until it is
# released, so that no machine is too slow to look before it happens.
HOLD = """(least) => {
  window.held = new Map();
  const later = window.setTimeout, never = window.clearTimeout;
  window.setTimeout = (call, ms, ...rest) => {
    if (!(ms >= least)) return later(call, ms, ...rest);
    const key = {};
    held.set(key, () => call(...rest));
    return key;
  };
  window.clearTimeout = (key) => held.delete(key) || never(key);
}"""
RELEASE = "held.forEach((call) => call())"
