"""`python -m helder`."""

import sys

from helder.cli.main import main

sys.exit(main())
