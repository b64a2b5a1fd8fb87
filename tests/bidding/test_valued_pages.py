"""Pages of selections by mean and by merit: what each reader may do and see, and that nobody learns too much too early."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import pytest

from agencies.models import Grade
from bidding.experts import sitting
from bidding.models import Expert, Plan, Seat
from marketplace.models import Method, Request, RequestStatus
from tests.bidding import lots, valuing
from tests.bidding.valuing import ByMerit, docx
from tests.marketplace.drafts import draft


@pytest.fixture
def three(item) -> ByMerit:
    valuing.pool(5)
    agencies = [lots.scored(one, "85.0", Grade.B) for one in lots.agencies(3)]
    play = valuing.by_merit(item, agencies)
    play.price("81234.56", "71234.56", "61234.56")
    play.plan()
    return play


@pytest.fixture
def scoring(three: ByMerit) -> ByMerit:
    three.seat_experts()
    return three


def as_(client: Client, user) -> Client:
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, (name, args)
    return response.content.decode()


# The buyer's form


def test_the_form_proposes_weights_and_says_what_is_wrong_with_others(client, waterworks_user, item):
    as_(client, waterworks_user)
    form = page(client, "request_new")
    assert re.search(r'name="weight_price"[^>]*value="50"|value="50"[^>]*name="weight_price"', form)
    typed = {"method": "merit", "weight_price": "50", "weight_quality": "30", "weight_credit": "16"}
    said = client.post(reverse("request_check"), typed).content.decode()
    assert "三项权重之和须为 100，现为 96" in said
    assert "信用权重不高于 15%" in said


def test_a_draft_keeps_its_weights_and_shows_them_again(client, waterworks, waterworks_user, item):
    kept = draft(
        waterworks_user, waterworks, item, method=Method.MERIT, weight_price=60, weight_quality=30, weight_credit=10
    )
    form = page(as_(client, waterworks_user), "request_edit", kept.pk)
    assert 'value="60"' in form
    assert "价格 60% · 方案 30% · 信用 10%" in page(client, "request_preview", kept.pk)


def test_weights_go_when_another_method_is_chosen(waterworks, waterworks_user, item):
    kept = draft(
        waterworks_user, waterworks, item, method=Method.LIVE, weight_price=60, weight_quality=30, weight_credit=10
    )
    assert kept.weights is None


# The entrant


def test_an_entrant_sends_and_withdraws_its_plan_and_is_told_why_not(client, three):
    agency = three.agencies[0]
    as_(client, agency.user)
    for upload, told in ((docx(agency.organisation.name), "专家会由此知道"), (docx("改过的方案"), "方案已提交")):
        done = client.post(reverse("plan_submit", args=[three.number]), {"plan": upload}, follow=True)
        assert told in done.content.decode()
    assert "已提交" in page(client, "request_page", three.number)
    client.post(reverse("plan_withdraw", args=[three.number]))
    assert three.plan_of(agency) is None
    client.post(reverse("plan_submit", args=[three.number]))
    assert Plan.objects.filter(enrolment__agency=agency, ended_at=None).count() == 0


def test_the_name_of_the_file_is_kept_nowhere(client, three):
    agency = three.agencies[0]
    upload = SimpleUploadedFile(f"{agency.organisation.name}的绝密方案.docx", docx("第三稿").read())
    as_(client, agency.user).post(reverse("plan_submit", args=[three.number]), {"plan": upload})
    assert "绝密" not in page(client, "request_page", three.number)
    assert "绝密" not in client.get(reverse("request_record", args=[three.number])).content.decode()


def test_buyers_regulators_and_strangers_have_no_plan_panel(client, three, regulator, third_agency):
    for user in (three.user, regulator, third_agency.user):
        assert 'data-testid="plan"' not in page(as_(client, user), "request_page", three.number)


# The expert


def test_an_expert_finds_the_task_downloads_by_label_and_marks(client, scoring):
    seat = sitting(scoring.request)[0]
    as_(client, seat.expert.user)
    assert "有 1 项选取等待您本人评分" in page(client, "desk")
    assert scoring.request.title in page(client, "expert")
    label = scoring.label(scoring.agencies[0])
    assert label in page(client, "expert_marks", scoring.number)
    plan = client.get(reverse("plan_download", args=[scoring.number, label]))
    assert plan.headers["Cache-Control"].startswith("private, no-store")
    assert plan.headers["Content-Disposition"].startswith("attachment")
    fields = {}
    for one, mark in scoring.sheet().items():
        fields |= {f"points-{one}": mark["points"], f"reason-{one}": mark["reason"]}
    done = client.post(reverse("expert_marks", args=[scoring.number]), fields, follow=True).content.decode()
    assert "评分已封存" in done
    seat.refresh_from_db()
    assert seat.commitment[:16] in done


def test_what_was_typed_is_kept_where_marks_are_refused(client, scoring):
    seat = sitting(scoring.request)[0]
    labels = list(scoring.sheet())
    fields = {f"points-{label}": "101" for label in labels} | {f"reason-{label}": "工作量测算有据" for label in labels}
    refused = as_(client, seat.expert.user).post(reverse("expert_marks", args=[scoring.number]), fields)
    assert refused.status_code == 400
    said = refused.content.decode()
    assert said.count("工作量测算有据") == 3
    assert 'value="101"' in said
    assert "须为 0 至 100 的整数" in said


def test_an_expert_steps_aside_and_has_nothing_left_to_do(client, scoring):
    seat = sitting(scoring.request)[0]
    as_(client, seat.expert.user).post(reverse("expert_conflict", args=[scoring.number]))
    assert Seat.objects.get(pk=seat.pk).ended_because == "conflict"
    assert "已没有待办事项" in page(client, "expert_marks", scoring.number)
    label = scoring.label(scoring.agencies[0])
    assert client.get(reverse("plan_download", args=[scoring.number, label])).status_code == 404


@pytest.mark.clause("I5")
def test_to_everybody_else_experts_doors_and_plans_are_not_there(client, scoring, regulator, operator):
    label = scoring.label(scoring.agencies[0])
    doors = [reverse("expert_marks", args=[scoring.number]), reverse("plan_download", args=[scoring.number, label])]
    digest = Plan.objects.first().file.sha256
    for user in (scoring.user, regulator, operator, scoring.agencies[1].user):
        as_(client, user)
        for door in (*doors, reverse("expert"), f"/files/{digest}/plan.docx"):
            assert client.get(door).status_code == 404, (user, door)
    client.logout()
    assert client.get(doors[1]).status_code == 302


# Nobody learns too much too early


def readers(play: ByMerit, regulator, operator) -> list[object]:
    return [None, play.user, regulator, operator, *(one.expert.user for one in sitting(play.request))]


@pytest.mark.clause("I5")
def test_before_the_opening_no_page_of_buyer_regulator_operator_or_expert_names_an_entrant_or_a_price(
    client, scoring, regulator, operator
):
    hidden = [one.organisation.name for one in scoring.agencies] + [one.organisation.uscc for one in scoring.agencies]
    hidden += ["81,234.56", "81234.56", "71,234.56", "61234.56"]
    for user in readers(scoring, regulator, operator):
        client.logout()
        if user is not None:
            client.force_login(user)
        paths = [reverse("request_page", args=[scoring.number]), reverse("request_record", args=[scoring.number])]
        if user is not None:
            paths += [reverse("desk"), reverse("expert"), reverse("expert_marks", args=[scoring.number])]
            paths += [reverse("operate_experts"), reverse("operate"), "/desk/inbox/"]
        for path in paths:
            text = client.get(path, follow=True).content.decode()
            assert not [word for word in hidden if word in text], (user, path)


@pytest.mark.clause("I5")
def test_marks_are_on_no_page_before_all_are_there_and_on_every_one_after(client, scoring):
    first, *others = sitting(scoring.request)
    scoring.mark(first, 77, "前期调查的布点有疏漏。")
    text = page(client, "request_page", scoring.number)
    assert "布点有疏漏" not in text
    assert "1 / 3" in text
    for seat in others:
        scoring.mark(seat, 50)
    text = page(client, "request_page", scoring.number)
    assert "布点有疏漏" in text
    assert "偏离中位数超过 20 分" in text
    assert scoring.agencies[0].organisation.name not in text


def test_the_award_page_shows_the_whole_table(client, scoring):
    for seat in sitting(scoring.request):
        scoring.mark(seat, 80)
    scoring.open_prices()
    text = page(client, "award_page", scoring.number)
    for said in ("得分表", "50.0000", "专家评分", "¥61,234.56", scoring.agencies[2].organisation.name):
        assert said in text


def test_a_failed_selection_says_why_and_its_prices_stay_shut(client, scoring):
    for _ in range(3):
        client.force_login(sitting(scoring.request)[0].expert.user)
        client.post(reverse("expert_conflict", args=[scoring.number]))
    assert Request.objects.get(pk=scoring.request.pk).status == RequestStatus.FAILED
    assert "无人可以接替" in page(client, "award_page", scoring.number)
    text = page(client, "request_page", scoring.number)
    assert "这些报价不会开启" in text
    assert "61,234.56" not in text


# The operator


def test_only_the_operator_keeps_the_pool(client, operator, waterworks_user, regulator):
    for user in (waterworks_user, regulator):
        assert as_(client, user).get(reverse("operate_experts")).status_code == 404
    as_(client, operator)
    assert client.post(reverse("operate_experts"), {"email": "nobody@nowhere.example"}).status_code == 400
    client.post(reverse("operate_experts"), {"email": waterworks_user.email})
    made = Expert.objects.get()
    assert made.user == waterworks_user
    assert made.code in page(client, "operate_experts")
    client.post(reverse("expert_retire", args=[made.pk]))
    assert client.post(reverse("expert_retire", args=[made.pk])).status_code == 404
