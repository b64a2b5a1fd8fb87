"""What two bidders with one hand leave alike (R10, C10): kept as keyed hashes, told to nobody but the rule, and forgotten."""

from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.test import Client

import pytest

from accounts.models import Organisation
from bidding.actions import submit_plan
from bidding.actions.traces import forget_traces
from bidding.models import Enrolment, Trace, TraceKind
from bidding.rules.traces import Origin, author_of, network_of
from core.clock import database_now
from core.private import hidden
from flags.queries import facts
from flags.rows import Window
from flags.rules import RULES
from flags.rulesets import flag_rules
from journal.queries import entries_of
from tests import cast
from tests.bidding import lots, valuing
from tests.bidding.valuing import docx
from tests.flags.making import day, process

OFFICE, HOME = "61.178.20.7", "61.178.99.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (OFFICE, "61.178.20.0/24"),
        ("::ffff:61.178.20.9", "61.178.20.0/24"),
        ("2408:8456:1234:5678::1", "2408:8456:1234::/48"),
        ("10.1.2.3", ""),
        ("127.0.0.1", ""),
        ("fe80::1", ""),
        ("unknown", ""),
        ("61.178.20.7, 10.0.0.1", ""),
    ],
)
def test_a_network_is_that_of_a_public_address(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("张 三", "张三"),
        ("ＺＨＡＮＧ San", "zhangsan"),
        ("微软用户", ""),
        ("Microsoft Office User", ""),
        ("Lenovo", ""),
        ("x", ""),
    ],
)
def test_an_author_is_a_name_that_no_program_writes_by_itself(name, author):
    assert author_of(name) == author


def press(client, number, address=OFFICE, door="enrol"):
    return client.post(f"/r/{number}/{door}/", REMOTE_ADDR=address)


def of(enrolment_or_agency, kind):
    return set(Trace.objects.filter(enrolment__agency=enrolment_or_agency, kind=kind).values_list("key", flat=True))


@pytest.fixture
def signed_in(swift_agency, steady_agency):
    """The same browser, signed in as one agency and then as the other."""
    browser = Client()

    def as_(agency):
        browser.force_login(agency.organisation.memberships.get().user)
        return browser

    return as_


@pytest.fixture
def members(swift_agency, steady_agency):
    for n, agency in enumerate((swift_agency, steady_agency)):
        if not agency.organisation.memberships.exists():
            cast.person(f"member{n}@agency.example", agency.organisation)


@pytest.mark.django_db
@pytest.mark.clause("R10")
def test_one_browser_for_two_agencies_leaves_the_same_device(
    published_request, swift_agency, steady_agency, members, signed_in
):
    first = press(signed_in(swift_agency), published_request.number)
    cookie = first.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/r/")
    again = press(signed_in(steady_agency), published_request.number, HOME)
    assert "device" not in again.cookies, "a browser keeps its name"
    assert of(swift_agency, TraceKind.DEVICE) == of(steady_agency, TraceKind.DEVICE) != set()
    assert of(swift_agency, TraceKind.NETWORK) == {hidden("network", "61.178.20.0/24")}
    assert of(steady_agency, TraceKind.NETWORK) == {hidden("network", "61.178.99.0/24")}
    facts_in_clear = (OFFICE, "61.178.20", cookie.value)
    stored = "".join(Trace.objects.values_list("key", flat=True))
    log = "".join(bytes(entry.body).decode() for entry in entries_of(published_request.number))
    assert not any(fact in stored + log for fact in facts_in_clear)


@pytest.mark.django_db
def test_two_browsers_differ_and_a_forged_cookie_says_nothing(published_request, swift_agency, steady_agency, members):
    for agency, given in ((swift_agency, None), (steady_agency, "short")):
        browser = Client()
        browser.force_login(agency.organisation.memberships.get().user)
        if given:
            browser.cookies["device"] = given
        answer = press(browser, published_request.number, "10.0.0.4")
        assert len(answer.cookies["device"].value) >= 16
    assert of(swift_agency, TraceKind.DEVICE) != of(steady_agency, TraceKind.DEVICE)
    assert not Trace.objects.filter(kind=TraceKind.NETWORK).exists(), "an inner network is everybody's"


@pytest.mark.django_db
def test_a_refused_press_leaves_nothing_and_a_repeated_one_the_same(
    published_request, swift_agency, members, signed_in
):
    browser = signed_in(swift_agency)
    press(browser, published_request.number)
    before = set(Trace.objects.values_list("pk", flat=True))
    press(browser, published_request.number)
    assert set(Trace.objects.values_list("pk", flat=True)) == before
    press(browser, published_request.number, door="leave")
    press(browser, published_request.number)
    assert set(Trace.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_the_author_of_a_plan_is_noted_and_not_shown(item):
    valuing.pool(5)
    play = valuing.by_merit(item, lots.agencies(3))
    one, other, third = play.agencies
    submit_plan(None, one, play.number, docx("甲方案", author="王小明"))
    submit_plan(None, other, play.number, docx("乙方案", author="王 小明"))
    submit_plan(None, third, play.number, docx("丙方案", author="微软用户"), Origin("61.178.20.0/24"))
    assert of(one, TraceKind.AUTHOR) == of(other, TraceKind.AUTHOR) == {hidden("author", "王小明")}
    assert of(third, TraceKind.AUTHOR) == set()
    assert of(third, TraceKind.NETWORK) != set()


@pytest.mark.django_db
@pytest.mark.clause("R10")
def test_a_shared_browser_and_network_raise_c10_and_one_of_them_does_not(
    published_request, swift_agency, steady_agency
):
    number, one, other = published_request.number, swift_agency.uscc, steady_agency.uscc
    rule, numbers = RULES["C10"], flag_rules().of("C10")
    Organisation.objects.filter(uscc__in=[one, other]).update(contact_phone="")
    bidders = [cast.enrol(None, agency, number) for agency in (swift_agency, steady_agency)]
    over = replace(process({one: 100_000, other: 90_000}, number=number), number=number)

    def found():
        return list(
            rule.find(Window(("TST-01", "620100"), day(365), (over,), traces=tuple(facts.traces([over]))), numbers)
        )

    for enrolment in bidders:
        leave_trace(enrolment, TraceKind.NETWORK)
    assert found() == []
    for enrolment in bidders:
        leave_trace(enrolment, TraceKind.DEVICE)
    [flag] = found()
    assert set(flag.agencies) == {one, other}
    assert {row["kind"] for row in flag.evidence} == {"network", "device"}


@pytest.mark.django_db
def test_what_is_older_than_a_year_is_forgotten(published_request, swift_agency):
    enrolment = cast.enrol(None, swift_agency, published_request.number)
    leave_trace(enrolment, TraceKind.DEVICE)
    now = database_now()
    assert forget_traces(now) == 0
    assert forget_traces(now + timedelta(days=367)) == 1
    assert not Trace.objects.exists()


@pytest.mark.django_db
def test_a_fact_in_clear_is_no_trace(published_request, swift_agency):
    enrolment = cast.enrol(None, swift_agency, published_request.number)
    with pytest.raises(IntegrityError, match="trace_is_a_hash"), transaction.atomic():
        Trace.objects.create(enrolment=enrolment, kind=TraceKind.NETWORK, key=OFFICE, at=database_now())


def leave_trace(enrolment: Enrolment, kind: TraceKind) -> None:
    Trace.objects.create(enrolment=enrolment, kind=kind, key=hidden(kind, "same"), at=database_now())
