"""Doors of open data."""

from opendata.views.credit import credit_csv, credit_json
from opendata.views.data import data_file, data_index, data_page, releases_feed
from opendata.views.importing import import_confirm, import_page
from opendata.views.ocds import record_json, releases_json

__all__ = [
    "credit_csv",
    "credit_json",
    "data_file",
    "data_index",
    "data_page",
    "import_confirm",
    "import_page",
    "record_json",
    "releases_feed",
    "releases_json",
]
