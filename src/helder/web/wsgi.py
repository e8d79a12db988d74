"""The WSGI application that granian runs: the library is opened before the first request comes in."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helder.web.settings")

application = get_wsgi_application()

from helder.web.frame import the_app  # noqa: E402  (Django must be set up first)

the_app()
