"""Doors of open data."""

from opendata.views.ocds import record_json, releases_json

__all__ = ["record_json", "releases_json"]
