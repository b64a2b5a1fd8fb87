"""The directory, the public page and the agency's own desk as a browser asks for them."""

import json
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate

import pytest

from agencies import actions
from agencies.actions import Claim
from agencies.models import Agency, Qualification, Tie, TieNature
from core import files
from journal import canon
from tests import cast
from tests.accounts.applicants import applicant, posted

pytestmark = pytest.mark.django_db


def page_of(client, agency):
    return client.get(reverse("agency_page", args=[agency.uscc])).content.decode()


@pytest.fixture
def at_desk(client, swift_agency):
    client.force_login(swift_agency.user)
    return client


def test_an_agency_registers_in_one_post_and_has_its_public_page(client):
    who = applicant()
    answer = client.post(reverse("register_agency"), posted(who))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk"))
    client.logout()
    page = client.get(reverse("agency_page", args=[who.uscc.lower()])).content.decode()
    assert who.name in page
    assert "新入驻，暂无评分" in page
    assert "签署信用承诺并入驻" in page
    assert who.email not in page


def test_the_entry_form_shows_the_commitment_and_asks_for_no_file(client):
    page = client.get(reverse("register_agency")).content.decode()
    assert "信用记录终身留存" in page
    assert 'type="file"' not in page


def test_a_banned_agency_is_told_until_when(client, swift_agency):
    Agency.objects.update(standing="removed")
    page = client.post(reverse("register_agency"), posted(applicant(uscc=swift_agency.uscc))).content.decode()
    assert "已被清退" in page
    assert "P20.9" in page


def test_a_code_nobody_has_leads_nowhere(client):
    assert client.get(reverse("agency_page", args=["91620100MA7DEM000D"])).status_code == 404


def test_the_public_page_tells_everything_and_offers_no_editing(client, swift_agency, river_bureau, survey_kind):
    user = swift_agency.user
    stored = files.keep(b"%PDF-1.7 a certificate")
    claim = Claim(survey_kind, "甲/001", "自然资源部", date(2020, 1, 1), localdate() + timedelta(days=20), stored)
    actions.claim_qualification(user, swift_agency, claim)
    actions.declare_tie(user, swift_agency, river_bureau, TieNature.FOUNDED)
    actions.show_work(user, swift_agency, title="某水库方案", client="某县水务局", year=2024)
    page = page_of(client, swift_agency)
    for told in ("测绘资质证书", "30 天内到期", "由该部门举办或出资", river_bureau.name, "某水库方案", "正常"):
        assert told in page
    assert reverse("file_download", args=[stored.sha256, "测绘资质证书-甲-001.pdf"]) in page
    assert reverse("desk_agency") not in page


def test_an_expired_certificate_is_shown_as_expired(client, swift_agency, survey_kind):
    claim = Claim(survey_kind, "1", "自然资源部", date(2020, 1, 1), localdate() - timedelta(days=1))
    actions.claim_qualification(swift_agency.user, swift_agency, claim)
    assert "已过期" in page_of(client, swift_agency)


def test_registrations_with_a_legal_representative_of_the_same_name_are_shown(client, swift_agency, steady_agency):
    for one in (swift_agency, steady_agency):
        actions.change_profile(one.user, one, {"legal_representative": "钱七"})
    page = page_of(client, swift_agency)
    assert steady_agency.organisation.name in page
    assert "姓名相同不等于同一人" in page


def test_the_record_of_the_case_file_verifies_by_hand(client, swift_agency):
    actions.change_profile(swift_agency.user, swift_agency, {"intro": "新简介"})
    answer = client.get(reverse("agency_record", args=[swift_agency.uscc]))
    record = json.loads(answer.content)
    head = canon.GENESIS
    for entry in record["entries"]:
        head = canon.digest(head, canon.body(entry["case"], entry["seq"], entry["at"], entry["kind"], entry["data"]))
        assert entry["hash"] == head.hex()
    assert (record["case"], record["head"]) == (f"A-{swift_agency.uscc}", head.hex())
    assert "attachment" in answer["Content-Disposition"]


def test_a_certificate_uploaded_at_the_desk_can_be_downloaded_by_anybody(at_desk, swift_agency, survey_kind, client):
    content = b"%PDF-1.7 scan of a certificate"
    form = {
        "kind": survey_kind.pk,
        "number": "甲001",
        "issued_by": "自然资源部",
        "valid_from": "2026-01-01",
        "valid_until": "2030-12-31",
        "file": SimpleUploadedFile("证书.pdf", content),
    }
    assert at_desk.post(reverse("desk_qualification_new"), form)["Location"] == reverse("desk_agency")
    stored = Qualification.objects.get().file
    client.logout()
    answer = client.get(reverse("file_download", args=[stored.sha256, "证书.pdf"]))
    assert answer.content == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_whose_content_is_not_what_it_says_is_refused_and_the_input_kept(at_desk, survey_kind):
    form = {
        "kind": survey_kind.pk,
        "number": "甲001",
        "issued_by": "自然资源部",
        "valid_from": "2026-01-01",
        "valid_until": "2030-12-31",
        "file": SimpleUploadedFile("证书.pdf", b"<script>"),
    }
    page = at_desk.post(reverse("desk_qualification_new"), form).content.decode()
    assert "无法识别该文件的内容" in page
    assert 'value="甲001"' in page
    assert not Qualification.objects.exists()


def test_a_certificate_is_changed_and_taken_back_from_the_desk(at_desk, swift_agency, survey_kind):
    claim = Claim(survey_kind, "甲001", "自然资源部", date(2026, 1, 1), date(2030, 12, 31))
    row = actions.claim_qualification(swift_agency.user, swift_agency, claim)
    door = reverse("desk_qualification", args=[row.pk])
    assert 'value="2030-12-31"' in at_desk.get(door).content.decode()
    form = {
        "kind": survey_kind.pk,
        "number": "甲001",
        "issued_by": "自然资源部",
        "valid_from": "2026-01-01",
        "valid_until": "2031-12-31",
    }
    at_desk.post(door, form)
    assert Qualification.objects.get().valid_until == date(2031, 12, 31)
    at_desk.post(reverse("desk_qualification_remove", args=[row.pk]))
    assert not Qualification.objects.exists()


def test_ties_are_declared_and_ended_at_the_desk(at_desk, river_bureau):
    at_desk.post(reverse("desk_tie_new"), {"department": river_bureau.pk, "nature": "staff"})
    tie = Tie.objects.get()
    assert "存续" in at_desk.get(reverse("desk_agency")).content.decode()
    again = at_desk.post(reverse("desk_tie_new"), {"department": river_bureau.pk, "nature": "staff"})
    assert "已经声明" in again.content.decode()
    at_desk.post(reverse("desk_tie_end", args=[tie.pk]))
    tie.refresh_from_db()
    assert tie.ended_at is not None
    assert at_desk.post(reverse("desk_tie_end", args=[tie.pk])).status_code == 404


def test_a_tie_to_an_enterprise_cannot_be_chosen(at_desk, waterworks):
    page = at_desk.post(reverse("desk_tie_new"), {"department": waterworks.pk, "nature": "staff"})
    assert page.context["form"].errors["department"]
    assert not Tie.objects.exists()


def test_the_profile_form_shows_what_is_known_and_saves_what_is_new(at_desk, swift_agency):
    door = reverse("desk_profile")
    known = at_desk.get(door).context["form"].initial
    form = {**{name: value or "" for name, value in known.items()}, "region": "620100", "intro": "专做水土保持。"}
    at_desk.post(door, form)
    swift_agency.refresh_from_db()
    assert swift_agency.intro == "专做水土保持。"
    assert swift_agency.organisation.name == "迅达咨询有限公司"


def test_past_work_comes_and_goes_at_the_desk(at_desk, swift_agency):
    future = {"title": "方案", "client": "某局", "year": localdate().year + 1}
    assert "不能晚于今年" in at_desk.post(reverse("desk_work_new"), future).content.decode()
    at_desk.post(reverse("desk_work_new"), {**future, "year": 2024})
    work = swift_agency.past_works.get()
    at_desk.post(reverse("desk_work_remove", args=[work.pk]))
    assert not swift_agency.past_works.exists()


def test_what_belongs_to_another_agency_does_not_exist_here(at_desk, steady_agency, river_bureau, survey_kind):
    user = steady_agency.user
    claim = Claim(survey_kind, "1", "自然资源部", date(2026, 1, 1), date(2030, 12, 31))
    row = actions.claim_qualification(user, steady_agency, claim)
    tie = actions.declare_tie(user, steady_agency, river_bureau, TieNature.STAFF)
    work = actions.show_work(user, steady_agency, title="方案", client="某局", year=2024)
    doors = [("desk_qualification_remove", row), ("desk_tie_end", tie), ("desk_work_remove", work)]
    answers = [at_desk.post(reverse(name, args=[one.pk])).status_code for name, one in doors]
    assert answers == [404, 404, 404]


def test_the_agencys_desk_is_for_agencies(client, waterworks_user, river_officer):
    assert client.get(reverse("desk_agency"))["Location"].startswith(reverse("account_login"))
    for user in (waterworks_user, river_officer):
        client.force_login(user)
        assert client.get(reverse("desk_agency")).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["desk_agency", "desk_profile", "desk_qualification_new", "desk_tie_new", "desk_work_new", "members"],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_page_of_the_desk_opens(at_desk, name, language):
    at_desk.cookies["django_language"] = language
    assert at_desk.get(reverse(name)).status_code == 200


def test_an_agencys_page_costs_the_same_queries_however_much_it_has(
    client, swift_agency, steady_agency, survey_kind, django_assert_max_num_queries
):
    for number in range(5):
        claim = Claim(survey_kind, str(number), "自然资源部", date(2026, 1, 1), date(2030, 12, 31))
        actions.claim_qualification(swift_agency.user, swift_agency, claim)
        actions.show_work(swift_agency.user, swift_agency, title="方案", client="某局", year=2024)
        department = cast.organisation("department", f"部门{number}")
        actions.declare_tie(swift_agency.user, swift_agency, department, TieNature.STAFF)
    with django_assert_max_num_queries(20):
        page_of(client, swift_agency)
