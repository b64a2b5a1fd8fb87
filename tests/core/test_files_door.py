"""The download door, and what is loaded with the platform."""

import pytest

from core import files
from core.models import Region
from core.text import initials

ABSENT = "0" * 64


@pytest.mark.django_db
def test_a_file_that_no_public_page_shows_looks_like_one_that_is_not_there(client):
    stored = files.keep(b"%PDF-1.7 nobody shows me")
    answers = [client.get(f"/files/{sha}/a.pdf").status_code for sha in (stored.sha256, ABSENT, "nonsense")]
    assert answers == [404, 404, 404]


@pytest.mark.django_db
def test_the_regions_of_china_and_gansu_are_there():
    assert Region.objects.get(code="620171").name_zh == "兰州新区"
    assert Region.objects.filter(code__endswith="0000").count() == 34
    assert Region.objects.filter(code__startswith="62").exclude(code="620000").count() == 15


@pytest.mark.parametrize(
    ("text", "letters"),
    [("甘肃绿源环境评价", "gslyhjpj"), ("重庆ABC检测（集团）", "cqabcjcjt"), ("", ""), ("3D 测绘!", "3dch")],
)
def test_initials_are_what_people_type(text, letters):
    assert initials(text) == letters
