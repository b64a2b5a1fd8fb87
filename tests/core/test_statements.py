"""Statements that a connection plans once."""

import itertools
from concurrent.futures import ThreadPoolExecutor

from django.db import IntegrityError, connection, transaction

import pytest

from core.statements import Statement, run_together

_names = itertools.count()


def statement(sql: str) -> Statement:
    return Statement(f"test_{next(_names)}", sql)


def planned(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name])
        (count,) = cursor.fetchone()
        return int(count)


@pytest.mark.django_db
def test_it_gives_the_rows_each_time_and_plans_once() -> None:
    double = statement("SELECT n, n * 2 FROM unnest($1::bigint[]) AS n")
    assert double.run([1, 2]) == [(1, 2), (2, 4)]
    assert double.run([]) == []
    assert planned(double.name) == 1


@pytest.mark.django_db
def test_a_statement_without_rows_gives_none() -> None:
    assert statement("DELETE FROM core_cache WHERE cache_key = $1").run("nothing") == []


@pytest.mark.django_db
def test_a_rollback_and_an_error_leave_the_plan_in_place() -> None:
    divide = statement("SELECT 12 / $1::bigint")
    with pytest.raises(Exception, match="division by zero"), transaction.atomic():
        divide.run(0)
    assert divide.run(4) == [(3,)]


@pytest.mark.django_db
def test_a_new_connection_plans_for_itself() -> None:
    one = statement("SELECT $1::bigint")
    assert one.run(1) == [(1,)]

    def elsewhere() -> tuple[int, object]:
        try:
            return planned(one.name), one.run(2)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result() == (0, [(2,)])


@pytest.mark.django_db
def test_the_database_errors_are_djangos() -> None:
    twice = statement("INSERT INTO journal_case (name, seq, head) SELECT $1, 0, '' FROM generate_series(1, 2)")
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.run("P")


@pytest.mark.django_db
def test_together_they_run_in_order_and_each_sees_what_the_one_before_did() -> None:
    put = statement("INSERT INTO journal_case (name, seq, head) VALUES ($1, $2, '')")
    get = statement("SELECT name, seq FROM journal_case WHERE name = $1")
    assert run_together((put, ["P-1", 7]), (get, ["P-1"])) == [("P-1", 7)]
