"""The ways back leave papers and no traces: decisions on repair as page and PDF, re-entry that nobody answers, corrections."""

import pytest

from tests.ratings.test_credit_clock import _never  # noqa: F401

pytestmark = pytest.mark.django_db
