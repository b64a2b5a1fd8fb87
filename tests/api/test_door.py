"""What every door of the API does, whatever stands behind it."""

import json

from django.test import Client

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Membership, Organisation, User
from agencies.models import Agency
from api.actions.tokens import revoke_token
from api.models import Token, TokenScope
from bidding.models import Enrolment
from marketplace.models import Request
from tests import cast
from tests.api.calls import Program, program_of

pytestmark = [pytest.mark.django_db, pytest.mark.page, pytest.mark.clause("P12.1")]


def test_anybody_reads_a_request_as_its_page_shows_it(published_request: Request) -> None:
    answer = Program().get(f"requests/{published_request.number}/")
    assert answer.status == 200
    assert answer["title"] == published_request.title
    assert answer["ceiling"] == "100000.00"
    assert answer["buyer"]["uscc"] == published_request.buyer.uscc
    assert answer.headers["API-Version"] == "1"


def test_absent_and_not_yours_look_the_same(
    published_request: Request, swift_agency: Agency, waterworks_user: User
) -> None:
    stranger = program_of(swift_agency.user)  # type: ignore[attr-defined]
    absent = stranger.get("me/drafts/1/")
    unknown = Program().get("requests/GS-2026-000000/")
    assert (absent.status, unknown.status) == (404, 404)
    assert absent.json == unknown.json
    assert absent["code"] == "E_NOT_FOUND"


def test_who_has_not_signed_in_is_asked_to_and_the_wrong_kind_finds_nothing(waterworks_user: User) -> None:
    nobody = Program().get("me/")
    assert (nobody.status, nobody["code"]) == (401, "E_NOT_SIGNED_IN")
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    assert program_of(waterworks_user).get("me/")["organisation"]["name"] == "陇中供水有限公司"
    assert program_of(waterworks_user).get("me/agency/").status == 404


def test_a_token_reads_only_writes_or_counts_no_more(published_request: Request, swift_agency: Agency) -> None:
    user = swift_agency.user  # type: ignore[attr-defined]
    path = f"requests/{published_request.number}/enrolment/"
    reads = program_of(user, TokenScope.READ)
    refused = reads.post(path)
    assert (refused.status, refused["code"]) == (403, "E_READ_ONLY_TOKEN")
    assert not Enrolment.objects.exists()
    assert program_of(user).post(path).status == 201
    assert revoke_token(Token.objects.order_by("pk").first())  # type: ignore[arg-type]
    assert reads.get("me/").status == 401
    assert Token.objects.filter(used_at__isnull=False).count() == 2


def test_only_the_hash_of_a_token_is_kept(swift_agency: Agency) -> None:
    program = program_of(swift_agency.user)  # type: ignore[attr-defined]
    token = Token.objects.get()
    assert program.token not in json.dumps({name: str(value) for name, value in vars(token).items()})
    assert program.token.startswith(token.hint)


def test_a_token_ends_with_its_persons_membership(swift_agency: Agency) -> None:
    program = program_of(swift_agency.user)  # type: ignore[attr-defined]
    assert program.get("me/").status == 200
    Membership.objects.all().delete()
    assert program.get("me/").status == 401


def test_a_session_writes_only_with_its_csrf_token(published_request: Request, swift_agency: Agency) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(swift_agency.user)  # type: ignore[attr-defined]
    path = f"/api/v1/requests/{published_request.number}/enrolment/"
    refused = client.post(path, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "E_NOT_ALLOWED")
    client.cookies["csrftoken"] = "a" * 32
    done = client.post(path, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert done.status_code == 201
    assert done.json()["label"] == Enrolment.objects.get().label


def test_a_regulator_without_a_second_factor_is_kept_out(regulator: User, settings: Settings) -> None:
    program = program_of(regulator)
    assert program.get("regulator/tasks/").status == 200
    settings.DEMO_MODE = False
    refused = program.get("regulator/tasks/")
    assert (refused.status, refused["code"], refused["basis"]) == (403, "E_SECOND_FACTOR", ["R8"])


def test_the_answer_speaks_the_language_that_is_asked_for() -> None:
    program = Program()
    assert program.get("requests/x/")["message"] == "没有找到，或不属于您的单位"
    english = program.get("requests/x/", Accept_Language="fr, en-GB;q=0.8, zh;q=0.5")
    assert english.headers["Content-Language"] == "en"
    assert english["message"].startswith("There is no such thing")


def test_what_has_not_changed_is_not_sent_again(published_request: Request) -> None:
    path = f"requests/{published_request.number}/"
    first = Program().get(path)
    again = Program().get(path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.json) == (304, None)
    Request.objects.update(title="改过的名称")
    assert Program().get(path, If_None_Match=first.headers["ETag"]).status == 200


def test_a_draft_is_not_written_over_what_another_wrote(
    waterworks: Organisation, waterworks_user: User, published_request: Request
) -> None:
    program = program_of(waterworks_user)
    said = {
        "item": "TST-01",
        "title": "灌区水土保持方案",
        "region": "620100",
        "scope": "按规范编制方案。",
        "deliverables": "报告书三份。",
        "term_workdays": 20,
        "method": "live",
        "ceiling": "80000.00",
    }
    made = program.post("me/drafts/", said)
    assert made.status == 201, made.json
    path = f"me/drafts/{made['id']}/"
    seen = program.get(path).headers["ETag"]
    assert program.put(path, {**said, "ceiling": "90000.00"}, If_Match=seen)["ceiling"] == "90000.00"
    lost = program.put(path, {**said, "ceiling": "70000.00"}, If_Match=seen)
    assert (lost.status, lost["code"]) == (412, "E_CHANGED_MEANWHILE")
    assert program.get(path)["ceiling"] == "90000.00"
    assert program.delete(path).status == 200
    assert program.get(path).status == 404


def test_fields_are_wrong_in_the_words_of_the_form(waterworks_user: User, item: object) -> None:
    answer = program_of(waterworks_user).post("me/drafts/", {"title": {"a": 1}, "ceiling": "many"})
    assert (answer.status, answer["code"]) == (400, "E_INVALID")
    assert "title" in answer["errors"]
    answer = program_of(waterworks_user).post("me/drafts/", {"title": "x", "ceiling": "many"})
    assert answer["errors"]["ceiling"] == ["请填写金额（元），例如 128500 或 128500.00"]


@pytest.mark.parametrize("body", ["[1]", "{", '{"a": NaN}', '{"a": "\\ud800"}', "9" * 600_000, '{"a":' * 5000])
def test_what_is_no_json_object_is_refused(swift_agency: Agency, body: str) -> None:
    token = program_of(swift_agency.user).token  # type: ignore[attr-defined]
    answer = Client().generic(
        "POST",
        "/api/v1/me/agency/works/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "E_UNREADABLE")


def test_other_types_and_methods_are_refused(swift_agency: Agency) -> None:
    token = program_of(swift_agency.user).token  # type: ignore[attr-defined]
    said = {"Authorization": f"Bearer {token}"}
    wrong = Client().post("/api/v1/me/agency/works/", "a", content_type="text/plain", headers=said)
    assert (wrong.status_code, wrong.json()["code"]) == (415, "E_CONTENT_TYPE")
    assert Client().delete("/api/v1/regions/").json()["code"] == "E_METHOD"
    assert Client().get("/api/v1/regions/", headers={"Accept": "text/html"}).status_code == 406
    assert Program().get("requests/a%00b/").status == 404


def test_too_many_calls_are_told_when_to_come_back(settings: Settings, item: object) -> None:
    settings.API_RATES = {"anybody": "2/m", "signed_in": "2/m"}
    program = Program()
    assert [program.get("regions/").status for _ in range(3)] == [200, 200, 429]
    late = program.get("regions/")
    assert late["code"] == "E_TOO_MANY"
    assert 0 < int(late.headers["Retry-After"]) <= 61


def test_pages_stay_whole_while_requests_are_published(
    waterworks: Organisation, waterworks_user: User, item: object
) -> None:
    old = [cast.published(waterworks, item, waterworks_user).number for _ in range(5)]  # type: ignore[arg-type]
    page = Program().get("requests/?limit=2")
    seen = [row["number"] for row in page["results"]]
    cast.published(waterworks, item, waterworks_user)  # type: ignore[arg-type]
    while page["next"]:
        page = Program().get(page["next"])
        seen += [row["number"] for row in page["results"]]
    assert seen == old[::-1]
    assert Program().get("requests/?cursor=nonsense").status == 404


def test_a_filter_narrows_as_on_the_page_and_nonsense_is_told(published_request: Request) -> None:
    assert len(Program().get(f"requests/?q={published_request.number}")["results"]) == 1
    assert Program().get("requests/?q=没有这样的项目")["results"] == []
    wrong = Program().get("requests/?status=nonsense")
    assert (wrong.status, list(wrong["errors"])) == (400, ["status"])
