"""What holds for all tests: no person's own imports, no deadline, and the same examples in every CI run."""

import os
import tempfile

from hypothesis import settings

os.environ["HELDER_DATA"] = tempfile.mkdtemp(prefix="helder-test-")  # not what the owner of this machine imported
settings.register_profile("helder", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("helder")
