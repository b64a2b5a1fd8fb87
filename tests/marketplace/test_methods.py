"""Who may use which selection method (R3): the rules alone, the form that shows them, and the action that holds them."""

import itertools
import json
import re

from django.db import IntegrityError, transaction

import pytest

from accounts.models import Kind
from agencies.models import Agency
from journal.actions import lock_case
from marketplace import actions
from marketplace.forms import agency_label
from marketplace.models import FeeMode, Method, Request, RequestStatus, ServiceItem
from marketplace.policy import Draft, check, failures, why_not
from marketplace.queries import failed_tries_from, named_agency
from marketplace.rules import PolicyRefused
from marketplace.rulesets import ruleset
from tests import cast
from tests.draws.ceremony import Team
from tests.marketplace.drafts import draft, values
from tests.marketplace.test_doors import CHECK, NEW, sent

pytestmark = pytest.mark.django_db
LIMIT = 100_000_00


def failing(**fields) -> set[str]:
    found = check(Draft(**{"buyer_kind": Kind.ENTERPRISE, "budget_line": "专项", **fields}), ruleset("2026-12"))
    return {finding.code for finding in failures(found)}


@pytest.mark.clause("P20.6")
@pytest.mark.parametrize(
    ("kind", "public", "fee", "tries"),
    [*itertools.product((Kind.ENTERPRISE, Kind.DEPARTMENT), (False, True), (None, *FeeMode), range(4))],
)
def test_public_money_is_drawn_only_where_the_law_sets_the_fee_or_two_competitions_failed(kind, public, fee, tries):
    found = failing(buyer_kind=kind, public_funds=public, method=Method.DRAW, item_fee_mode=fee, failed_tries=tries)
    allowed = (kind == Kind.ENTERPRISE and not public) or fee == FeeMode.FIXED or tries >= 2
    assert ("P_DRAW_COMPETES" not in found) is allowed


@pytest.mark.clause("P20.6")
@pytest.mark.parametrize("ceiling", [1, LIMIT - 1, LIMIT, LIMIT + 1, None])
@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, Kind.DEPARTMENT])
def test_public_money_chooses_by_credit_up_to_100_000_yuan(kind, ceiling):
    found = failing(buyer_kind=kind, method=Method.CREDIT_DRAW, ceiling=ceiling)
    too_much = kind == Kind.DEPARTMENT and ceiling is not None and ceiling > LIMIT
    assert ("P_CREDIT_DRAW_LIMIT" in found) is too_much


@pytest.mark.parametrize(
    ("agency", "price", "reason", "missing"),
    [
        (True, 900, "熟悉场地", set()),
        (False, 900, "熟悉场地", {"P_DIRECT_AGENCY"}),
        (True, None, "熟悉场地", {"P_DIRECT_PRICE"}),
        (True, 1001, "熟悉场地", {"P_DIRECT_PRICE"}),
        (True, 1000, "  ", {"P_DIRECT_REASON"}),
        (False, None, "", {"P_DIRECT_AGENCY", "P_DIRECT_PRICE", "P_DIRECT_REASON"}),
    ],
)
def test_a_direct_request_says_whom_at_what_price_and_why(agency, price, reason, missing):
    named = {"direct_agency": agency, "direct_price": price, "direct_reason": reason}
    assert failing(method=Method.DIRECT, ceiling=1000, **named) == missing
    assert failing(method=Method.DIRECT, ceiling=1000, public_funds=True, **named) == {"P_NO_DIRECT"}


def test_why_not_speaks_of_the_method_and_of_nothing_else():
    numbers = ruleset("2026-12")
    department = Draft(Kind.DEPARTMENT, ceiling=LIMIT + 1)
    reasons = {method: why_not(method, department, numbers) for method in Method}
    assert {method for method, reason in reasons.items() if reason} == {Method.DRAW, Method.CREDIT_DRAW, Method.DIRECT}
    assert not any(why_not(method, Draft(Kind.ENTERPRISE), numbers) for method in Method)


def a_chain(buyer, user, item, *tries: tuple[str, str]) -> Request | None:
    last = None
    for method, status in tries:
        last = cast.published(buyer, item, user, method=method, status=status, forerunner=last)
        if status == "failed":
            with transaction.atomic():
                lock_case(last.number).append("selection.failed", {"reason": "too_few_entrants", "reveals": []})
    return last


def test_only_competitive_tries_that_failed_count(river_bureau, river_officer, item):
    chain = (("live", "failed"), ("draw", "failed"), ("live", "cancelled"), ("sealed", "failed"))
    assert failed_tries_from(None) == 0
    assert failed_tries_from(a_chain(river_bureau, river_officer, item, *chain)) == 2


@pytest.mark.clause("P20.6")
def test_after_two_failed_competitions_a_department_may_draw(river_bureau, river_officer, item):
    Team.of(5)
    kept = draft(river_officer, river_bureau, item, method=Method.DRAW)
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(river_officer, river_bureau, kept.pk)
    assert [one["code"] for one in refused.value.facts["findings"]] == ["P_DRAW_COMPETES"]
    kept.forerunner = a_chain(river_bureau, river_officer, item, ("live", "failed"), ("live", "failed"))
    kept.save(update_fields=["forerunner"])
    assert actions.publish(river_officer, river_bureau, kept.pk).status == RequestStatus.PUBLISHED


@pytest.mark.clause("P20.6")
@pytest.mark.parametrize(("method", "said"), [("draw", "政府定价"), ("credit_draw", "¥100,000.00")])
def test_the_form_shows_a_method_off_with_its_reason_and_a_forged_post_hears_the_same(
    client, river_bureau, river_officer, item, method, said
):
    client.force_login(river_officer)
    kept = draft(river_officer, river_bureau, item, ceiling=cast.yuan("100000.01"))
    page = client.get(f"/desk/requests/{kept.pk}/").content.decode()
    radio = re.search(rf'<input type="radio"[^>]*value="{method}"[^>]*>', page)[0]
    assert "disabled" in radio
    shown = re.search(rf'data-testid="why-{method}"[^>]*>([^<]*)<', page)[1]
    assert said in shown
    forged = client.post(NEW, sent(river_bureau, item, method=method, ceiling="100000.01", preview="1"))
    assert forged.status_code == 400
    assert shown.split("（P20.6）")[0] in forged.content.decode()


def test_the_reasons_follow_what_is_typed(client, river_bureau, river_officer, item):
    client.force_login(river_officer)
    ServiceItem.objects.filter(pk=item.pk).update(fee_mode=FeeMode.FIXED)
    panel = client.post(CHECK, sent(river_bureau, item, ceiling="90000.00")).content.decode()
    why = json.loads(re.search(r'id="why-not"[^>]*>(.*?)</script>', panel)[1])
    assert {"draw", "credit_draw"}.isdisjoint(why)
    assert "P20.6" in why["direct"]


def direct(item, named: str, **changes):
    return {
        "method": "direct",
        "direct_agency": named,
        "direct_price": "86000.00",
        "direct_reason": "已完成前期勘察",
        **changes,
    }


def test_an_enterprise_names_an_agency_and_publishes(client, waterworks, waterworks_user, item, swift_agency):
    client.force_login(waterworks_user)
    form = sent(waterworks, item, preview="1", **direct(item, agency_label(swift_agency)))
    preview = client.post(NEW, form)
    kept = Request.objects.get()
    assert swift_agency.organisation.name in client.get(preview.headers["Location"]).content.decode()
    client.post(f"/desk/requests/{kept.pk}/publish/")
    kept.refresh_from_db()
    assert (kept.status, kept.direct_agency, kept.direct_price) == ("published", swift_agency, cast.yuan("86000.00"))
    page = client.get(f"/r/{kept.number}/").content.decode()
    assert "已完成前期勘察" in page


def test_a_name_that_fits_none_or_several_is_asked_again(client, waterworks, waterworks_user, item, swift_agency):
    client.force_login(waterworks_user)
    cast.agency("迅达工程有限公司")
    for wrong in ("没有这一家", "迅达"):
        answer = client.post(NEW, sent(waterworks, item, **direct(item, wrong)))
        assert answer.status_code == 400
        assert "没有唯一对应的机构" in answer.content.decode()


def test_agencies_are_found_by_code_name_or_a_part_of_it(swift_agency, steady_agency):
    assert named_agency(swift_agency.uscc.lower()) == swift_agency
    assert named_agency("稳健环境技术有限公司") == steady_agency
    assert named_agency("稳健") == steady_agency
    assert named_agency("有限公司") is None
    assert named_agency(" ") is None


def test_suggestions_begin_with_those_who_offer_the_item(client, waterworks_user, item, swift_agency):
    client.force_login(waterworks_user)
    other = cast.agency("安达咨询有限公司")
    page = client.get("/desk/requests/agencies/", {"direct_agency": "达", "item": item.code}).content.decode()
    assert page.index(swift_agency.uscc) < page.index(other.uscc)


def test_changing_the_method_forgets_whom_it_named(waterworks, waterworks_user, item, swift_agency):
    named = {"direct_agency": swift_agency, "direct_price": 86, "direct_reason": "熟悉"}
    kept = draft(waterworks_user, waterworks, item, method=Method.DIRECT, **named)
    actions.save_draft(waterworks_user, waterworks, values(waterworks, item, **named), kept)
    assert (kept.direct_agency, kept.direct_price, kept.direct_reason) == (None, None, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"direct_agency": None},
        {"direct_price": None},
        {"direct_price": 10**12},
        {"direct_price": 0},
        {"direct_reason": ""},
        {"method": Method.LIVE},
    ],
)
def test_the_database_keeps_a_direct_request_complete(waterworks, waterworks_user, item, swift_agency: Agency, changes):
    named = {"direct_agency": swift_agency, "direct_price": 86, "direct_reason": "熟悉"}
    kept = draft(waterworks_user, waterworks, item, method=Method.DIRECT, **named)
    public = {
        "status": "published",
        "number": "GS-2026-999999",
        "case_id": swift_agency.case_id,
        "ruleset": "2026-12",
        "published_at": "2026-11-26T00:00:00Z",
        "enrol_until": "2026-11-26T00:00:00Z",
    }
    with pytest.raises(IntegrityError, match="direct_names_an_agency_and_says_why"), transaction.atomic():
        Request.objects.filter(pk=kept.pk).update(**public, **changes)
    assert Request.objects.filter(pk=kept.pk).update(**public) == 1


def test_the_ceiling_of_a_draw_is_said_to_be_the_fee():
    found = check(Draft(Kind.ENTERPRISE, method=Method.DRAW, ceiling=90), ruleset("2026-12"))
    assert [finding.code for finding in found] == ["P_FIXED_FEE"]
