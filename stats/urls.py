"""Doors of this package: the front page and the figures."""

from django.urls import URLPattern, path

from stats.views import concentration, figures, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("stats/", figures.figures, name="stats"),
    path("stats/concentration/", concentration.concentration, name="concentration"),
    path(
        "stats/concentration/<slug:key>.csv",
        concentration.concentration_export,
        {"kind": "csv"},
        name="concentration_csv",
    ),
    path(
        "stats/concentration/<slug:key>.json",
        concentration.concentration_export,
        {"kind": "json"},
        name="concentration_json",
    ),
    path("stats/<slug:key>.csv", figures.figure_export, {"kind": "csv"}, name="stats_csv"),
    path("stats/<slug:key>.json", figures.figure_export, {"kind": "json"}, name="stats_json"),
]
