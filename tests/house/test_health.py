"""The two doors for supervisors and load balancers."""

from django.db import connection


def test_a_process_that_answers_is_alive(client):
    assert client.get("/healthz").content == b"ok\n"


def test_it_is_ready_with_a_database_that_holds_our_tables(client, db):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_without_the_tables_it_is_not_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO nowhere")
    assert client.get("/readyz").status_code == 503


def test_probes_are_not_sent_to_https(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/readyz").status_code == 200
    assert client.get("/language/").status_code == 301
