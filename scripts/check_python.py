"""Say whether this Python can build the book. Runs on any Python, however old."""

import sys

OLDEST = (3, 11)


def problem(version, modules_missing):
    """Return one sentence on what is wrong and what to do, or None."""
    wanted = "%d.%d" % OLDEST
    if tuple(version[:2]) < OLDEST:
        return (
            "expected Python %s or newer, got %d.%d (%s); install a newer one and name "
            "it: make book PYTHON=python%s"
        ) % (wanted, version[0], version[1], sys.executable, wanted)
    if modules_missing:
        return (
            "expected Python's own modules venv and ensurepip, but %s is missing from "
            "%s; on Debian and Ubuntu: apt-get install python3-venv"
        ) % (" and ".join(modules_missing), sys.executable)
    return None


def missing(names):
    found = []
    for name in names:
        try:
            __import__(name)
        except ImportError:
            found.append(name)
    return found


if __name__ == "__main__":
    text = problem(sys.version_info, missing(["venv", "ensurepip"]))
    if text:
        sys.exit("book: " + text)
