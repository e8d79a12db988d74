"""Where the JSON door hangs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from helder.api.routes import api
from helder.web import refuse


def unknown(request: HttpRequest) -> HttpResponse:
    return refuse.refuse(request, refuse.NO_PAGE)


urlpatterns = [path("", api.urls), re_path(r"^.*$", unknown)]
