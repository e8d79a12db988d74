"""Property tests: no deadline (tests never assert a time), and the same examples in every CI run of the same code."""

import os

from hypothesis import settings

settings.register_profile("helder", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("helder")
