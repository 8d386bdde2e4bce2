"""Settings for all tests."""

from hypothesis import settings

# A busy machine is no failure: how long an example takes is not asserted.
settings.register_profile("book", deadline=None)
settings.load_profile("book")
