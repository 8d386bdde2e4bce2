"""Every explorer by keyboard alone, with names and values that are read out."""

from explorer_pages import at, label, ready

# In the page: each control's role, its name, and whether it can be reached with Tab.
CONTROLS = """root => [...root.querySelectorAll("form :is(input, select, button)")].map(
    control => ({
        name: (control.labels?.[0] ?? control).textContent.trim(),
        group: control.type !== "radio" ||
            control.closest("fieldset").querySelector("legend").textContent.trim(),
        reached: control.tabIndex >= 0 && !control.disabled,
        told: control.type !== "range" || control.getAttribute("aria-valuetext"),
    }))"""

# In the page: what is chosen now.
CHOSEN = """root => [...root.querySelectorAll("form :is(input, select)")].map(
    control => [control.value, control.checked])"""


def test_every_control_of_every_explorer_answers_the_keyboard(page, site_url, shown):
    for path, ident, name in shown:
        at(page, site_url + path)
        root = ready(page, ident)
        for control in root.evaluate(CONTROLS):
            assert all(control.values()), f"{name}: {control}"
        assert root.locator("[role=status]").count() == 1, name
        start = label(root)
        moves = {
            "range": ("End", "Home"),
            "checkbox": ("Space",),
            "radio": ("ArrowRight",),
        }
        inputs = root.locator("form :is(input, select)")
        changed = False
        for i in range(inputs.count()):
            control = inputs.nth(i)
            kind = control.evaluate("e => e.type")
            if kind == "radio" and not control.is_checked():
                continue
            before = root.evaluate(CHOSEN)
            control.focus()
            for key in moves.get(kind, ("ArrowDown", "ArrowUp")):
                page.keyboard.press(key)
                if root.evaluate(CHOSEN) != before:
                    break
            else:
                raise AssertionError(f"{name}: {kind} {i} does not move")
            changed = changed or label(root) != start
        assert changed, f"{name}: no control changes the figure"
        root.locator("button[type=reset]").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "([id, text]) => document.querySelector(`#${id} .dlb-picture svg`)"
            ".getAttribute('aria-label') === text",
            arg=[ident, start],
        )
