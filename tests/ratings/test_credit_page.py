"""The public credit page: sums that add up, links that lead somewhere, doors for the owner alone (UX §4 no. 13)."""

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from core.clock import database_now
from marketplace.models import ServiceItem
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import ActEventKind, Relation, Repair, RepairStatus
from ratings.queries.credit import computed, credit_facts
from ratings.what_if import what_if
from tests import cast
from tests.ratings import acting, rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> Agency:
    """Enough ratings for a grade, and some acts."""
    for n, x in enumerate(("0.9", "0.8", "1.0", "0.7", "0.95", "0.85")):
        buyer = cast.organisation(waterworks.kind, f"第{n}供水公司")
        user = cast.person(f"buyer{n}@water.example", buyer)
        acting.rate(acting.finished(buyer, user, item, swift_agency), x)
    acting.note(swift_agency, "delivered_late", "a")
    acting.note(swift_agency, "gave_up_award", "b")
    swift_agency.refresh_from_db()
    return swift_agency


def page(client: Client, agency: Agency, **asked: str) -> str:
    answer = client.get(reverse("credit_page", args=[agency.uscc]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def number(text: str, name: str) -> Decimal:
    found = re.search(rf'data-testid="{name}">\s*([\d.]+)\s*<', text)
    assert found, name
    return Decimal(found[1])


@pytest.mark.clause("P20.8")
def test_the_sums_add_up_from_what_is_shown(client: Client, rated: Agency) -> None:
    text = page(client, rated)
    points = [Decimal(p) for p in re.findall(r'data-testid="deduction"\s+data-points="([\d.]+)"', text)]
    merits = [Decimal(p) for p in re.findall(r'data-testid="merit"\s+data-points="([\d.]+)"', text)]
    assert len(points) == 2
    c, q, k = (number(text, name) for name in ("c", "q", "k"))
    assert c == (100 - sum(points) + sum(merits)).quantize(Decimal("0.1"))
    assert k == (Decimal("0.6") * c + 40 * q).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert k == rated.credit


def test_every_link_leads_somewhere(client: Client, rated: Agency) -> None:
    text = page(client, rated)
    main = text[text.index("<main") : text.index("</main>")]
    for address in set(re.findall(r'href="(/[^"#]*)', main)):
        # Acts of these tests speak of a contract that was never made; ratings of rounds that were never opened.
        if not address.startswith("/r/"):
            assert client.get(address).status_code == 200, address


def test_a_new_agency_is_told_why_it_has_no_score(client: Client, swift_agency: Agency) -> None:
    assert "新入驻，暂无评分" in page(client, swift_agency)


def test_the_owner_objects_on_the_page_and_others_cannot(client: Client, swift_agency: Agency, regulator: User) -> None:
    act = acting.note(swift_agency, "unsigned", "a", decided=False)
    assert act
    assert "提出异议" not in page(client, swift_agency)
    client.force_login(swift_agency.organisation.memberships.get().user)
    assert "提出异议" in page(client, swift_agency)
    address = reverse("credit_act", args=[act.pk, "object"])
    assert client.post(address, {"text": ""}).status_code == 400
    assert client.post(address, {"text": "采购人未按期提供资料"}).status_code == 302
    assert act.events.get().kind == ActEventKind.OBJECTED
    client.force_login(regulator)
    assert "采购人未按期提供资料" in page(client, swift_agency)
    answer = client.post(reverse("credit_act", args=[act.pk, "decide"]), {"upheld": "yes", "text": "情况属实"})
    assert answer.status_code == 302
    assert f'id="act-{act.seq}"' not in page(client, swift_agency)


def test_a_stranger_cannot_object_or_ask_for_repair(client: Client, rated: Agency, steady_agency: Agency) -> None:
    act = rated.acts.first()
    assert act
    client.force_login(steady_agency.organisation.memberships.get().user)
    for verb in ("object", "repair"):
        assert client.post(reverse("credit_act", args=[act.pk, verb]), {"text": "x"}).status_code == 404
    assert not Repair.objects.exists()
    assert not act.events.exists()


def test_what_if_is_what_the_rules_say(client: Client, rated: Agency) -> None:
    now = database_now()
    would = what_if(credit_facts(rated, now), now, x=None, act="forged", days=0)
    text = page(client, rated, x="", act="forged", days="")
    shown = text[text.index('data-testid="would-be"') :].split("</p>")[0]
    assert f"C {would.c}" in " ".join(shown.split())
    assert would.c == computed(rated).c - 40


def test_time_heals_in_the_calculator(rated: Agency) -> None:
    now = database_now()
    later = what_if(credit_facts(rated, now), now, x=None, act="", days=1200)
    assert later.c >= Decimal(100)


def test_what_is_repaired_is_not_shown(client: Client, rated: Agency) -> None:
    act = rated.acts.get(code="gave_up_award")
    assert f'id="act-{act.seq}"' in page(client, rated)
    acting.repair(act)
    assert f'id="act-{act.seq}"' not in page(client, rated)


def test_the_page_reads_in_english(client: Client, rated: Agency) -> None:
    answer = client.get(reverse("credit_page", args=[rated.uscc]), headers={"accept-language": "en"})
    assert answer.status_code == 200


def squeezed(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_quality_too_adds_up_from_what_is_shown(client: Client, rated: Agency) -> None:
    text = page(client, rated)
    sum_line = squeezed(text[text.index('data-testid="quality-sum"') :].split("</p>")[0])
    found = re.search(r"= ([\d.]+) − ([\d.]+) = ([\d.]+).*= ([\d.]+) · β = ([\d.]+)", sum_line)
    assert found, sum_line
    mean, doubt, q, alpha, beta = map(Decimal, found.groups())
    assert abs(mean - doubt - q) <= Decimal("0.001")
    assert abs(alpha / (alpha + beta) - mean) <= Decimal("0.001")
    for row in re.findall(r'data-testid="rating">(.*?)</tr>', text, re.DOTALL):
        terms = re.search(r"([\d.]+) ([\d.]+) × ([\d.]+) ÷ (\d+) × ([\d.]+)", squeezed(row))
        assert terms, squeezed(row)
        weight, decay, value, rank, relation = map(Decimal, terms.groups())
        assert abs(decay * value / rank * relation - weight) <= Decimal("0.01")


def test_a_disputed_rating_is_marked_as_such(client: Client, rated: Agency) -> None:
    assert "争议中，暂不计入" not in page(client, rated)
    acting.weigh(rated.ratings.earliest("pk"), Relation.DISPUTED)
    assert "争议中，暂不计入" in page(client, rated)


def test_a_task_of_rectification_stands_beside_its_rating(
    client: Client, waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency
) -> None:
    contract = acting.finished(waterworks, waterworks_user, item, swift_agency)
    do_due_evaluations()
    number = contract.award.request.number or ""
    rating.revealed(number, 1, comment="成果多处错误")
    assert "整改 · 待整改" in squeezed(page(client, swift_agency))


def test_a_repair_that_was_asked_for_or_refused_stands_beside_the_act(client: Client, rated: Agency) -> None:
    act = rated.acts.get(code="gave_up_award")
    assert 'data-testid="repair"' not in page(client, rated)
    asked = Repair.objects.create(
        agency=rated,
        act=act,
        correction="已补签",
        asked_by=rated.user,
        asked_at=database_now(),
        due_at=database_now(),
    )
    assert "待审核" in page(client, rated)
    asked.status, asked.due_at, asked.decision = RepairStatus.REFUSED, None, "整改材料不足"
    asked.decided_by, asked.decided_at = asked.asked_by, database_now()
    asked.save()
    assert "整改材料不足" in page(client, rated)


def test_a_page_of_very_many_ratings_says_where_the_older_ones_are(
    client: Client, rated: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ratings.credit_page._RATINGS", 4)
    text = page(client, rated)
    assert text.count('data-testid="rating"') == 4
    assert "另有较早的 2 份" in text


def test_the_calculator_says_what_is_beside_what_would_be(client: Client, rated: Agency) -> None:
    shown = squeezed(page(client, rated, x="0.1", act="", days="0"))
    assert f"现在 C {computed(rated).c}" in shown


def test_k_of_a_month_ago_is_told_once_there_is_one(client: Client, rated: Agency) -> None:
    assert 'data-testid="month-ago"' not in page(client, rated)
    now = database_now()
    rated.credit_points.create(at=now - timedelta(days=40), conduct=90, weight=4, credit=Decimal("77.7"), grade="B")
    assert "30 日前 77.7" in squeezed(page(client, rated))
