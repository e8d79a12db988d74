"""Addresses: `/{language}/{country}/…`, the two settings first."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from helder.web import medicines, results, views

_library: list[URLPattern | URLResolver] = [
    path("", views.page, {"name": "home"}),
    path("topics/<str:topic>/", views.page, {"name": "topic"}),
    path("topics/<str:topic>/sources/", views.page, {"name": "topic_sources"}),
    path("az/", views.page, {"name": "az"}),
    path("needs/", views.page, {"name": "needs"}),
    path("needs/<str:need>/", views.page, {"name": "need"}),
    path("compare/", views.pair),
    path("compare/<str:left>/<str:right>/", views.page, {"name": "compare"}),
    path("search/", views.search),
    path("medicines/", medicines.page),
    path("medicines/helder.ics", medicines.calendar),
    path("results/", results.page),
    path("results/read", results.read),
    path("results/helder.fhir.json", results.fhir),
    path("results/helder.csv", results.table),
    path("sources/", views.page, {"name": "sources"}),
    path("changes/", views.page, {"name": "changes"}),
    path("about/", views.page, {"name": "about"}),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front),
    path("switch/", views.switch),
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap),
    path("healthz", views.health),
    path("api/", include("helder.api.urls")),
    path("<str:language>/<str:country>/", include(_library)),
]

handler400 = views.unreadable
handler404 = views.unknown
handler500 = views.ours
