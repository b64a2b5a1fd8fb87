"""How the year comes into an empty database."""

from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation
from demo.actions import seed


def test_the_same_words_come_out_every_time(db):
    first, second = _fingerprint(), _fingerprint()
    assert first == second
    assert len(first) == 201


def _fingerprint() -> list[tuple[str, str, str, str]]:
    """Names, codes, people and telephones of a seeding that is undone again."""
    with transaction.atomic():
        seed(requests=10)
        told = list(Organisation.objects.order_by("uscc").values_list("uscc", "name", "contact_name", "contact_phone"))
        transaction.set_rollback(True)
    return told


def test_rows_are_brought_in_by_the_batch(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(420):
        seed(requests=400)


def test_a_role_without_a_demo_is_not_found(db, client):
    assert client.post(reverse("demo_role", args=["agency"])).status_code == 404
