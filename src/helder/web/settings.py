"""Django's settings: no database, no session, no account, no log of what people read.

`HELDER_ORIGIN` (https://health.example.org) makes addresses for other machines absolute; `HELDER_HOSTS` names the
hosts that may be asked for, beside this machine itself.
"""

from __future__ import annotations

import os
import secrets

from helder.web import assets
from helder.web.assets import STATIC

HELDER_ORIGIN = os.environ.get("HELDER_ORIGIN", "").rstrip("/")

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)  # nothing is signed that must outlive the process
ALLOWED_HOSTS = ["*"]  # `helder.web.guard` looks at the host, and lets plain addresses pass
HELDER_HOSTS = frozenset(
    {
        "localhost",
        *filter(None, os.environ.get("HELDER_HOSTS", "").lower().split(",")),
        *filter(None, [HELDER_ORIGIN.lower().partition("://")[2].partition(":")[0]]),
    }
)
ROOT_URLCONF = "helder.web.urls"
WSGI_APPLICATION = "helder.web.wsgi.application"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, object] = {}
USE_I18N = False
USE_TZ = True
APPEND_SLASH = True

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "helder.web.guard.Guard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
]

CONTENT_SECURITY_POLICY = {"DIRECTIVES": assets.policy()}
_ON_TLS = HELDER_ORIGIN.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _ON_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ON_TLS else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 80 << 20  # the guard holds each address to its own length
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8_000  # a confirmed report has some fields for each result
FILE_UPLOAD_HANDLERS = ["helder.web.uploads.InMemory"]  # files of a person never lie on a disk

STATIC_URL = "/static/"
STATIC_ROOT = STATIC
WHITENOISE_MAX_AGE = 3600
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False

LOGGING = {  # Django would log addresses, and so what was typed; the guard logs where something went wrong, not what
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "helder: %(message)s"}},
    "handlers": {
        "nowhere": {"class": "logging.NullHandler"},
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
    },
    "loggers": {
        "django": {"handlers": ["nowhere"], "propagate": False},
        "helder": {"handlers": ["stderr"]},
    },
}
