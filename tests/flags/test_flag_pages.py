"""The officers' pages of flags, what everybody sees, and who sees nothing."""

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from flags import actions
from flags.models import Flag, Status
from marketplace.models import Request
from ratings.models import Look
from tests import cast
from tests.flags.stage import Bench

pytestmark = [pytest.mark.django_db, pytest.mark.page]


@pytest.fixture
def bench(swift_agency: Agency) -> Bench:
    return Bench(swift_agency, cast.agency("兰州第二测绘公司"))


@pytest.fixture
def flag(bench: Bench) -> Flag:
    made = bench.same_price("GS-2026-000001", "GS-2026-000002")
    assert made is not None
    return made


def text(client: Client, who: User | None, path: str, status: int = 200, language: str = "zh-hans") -> str:
    client.logout()
    if who is not None:
        client.force_login(who)
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def press(client: Client, who: User, flag: Flag, verb: str, **data: str) -> tuple[int, str]:
    client.force_login(who)
    answer = client.post(reverse("officer_flag_act", args=[flag.number, verb]), data)
    return answer.status_code, answer.content.decode() or answer.headers.get("Location", "")


def test_a_flag_leads_the_inbox_and_says_everything_on_its_page(client: Client, bench: Bench, flag: Flag) -> None:
    officer = bench.officers[0]
    inbox = text(client, officer, reverse("console"))
    path = reverse("officer_flag", args=[flag.number])
    assert path in inbox
    assert "不同机构报价相同" in inbox
    for name in ("officer_flags", "officer_network", "policy_radar"):
        assert reverse(name) in inbox
    page = text(client, officer, path)
    assert "2 次报出相同价格" in page, "the finding with its numbers"
    assert "视为串通" in page, "the law"
    assert "都报了整数或参考价" in page, "an innocent explanation"
    assert "比对两家报价文件" in page, "how to check"
    assert "¥100,000.00" in page, "the evidence"
    assert bench.other.organisation.name in page
    assert "C4b/1" in page, "the version"
    english = text(client, officer, path, language="en")
    assert "Different agencies asked the same price" in english


def test_each_look_at_what_is_not_public_is_recorded(client: Client, bench: Bench, flag: Flag) -> None:
    text(client, bench.officers[0], reverse("officer_flag", args=[flag.number]))
    assert list(Look.objects.values_list("subject", "by")) == [(flag.number, bench.officers[0].pk)]


def test_nobody_else_knows_of_a_flag_until_it_is_confirmed(
    client: Client, bench: Bench, flag: Flag, waterworks_user: User
) -> None:
    agency_user = bench.one.organisation.memberships.get().user
    for who in (None, waterworks_user, agency_user):
        text(client, who, reverse("flag_page", args=[flag.number]), status=404)
        assert flag.number not in text(client, who, reverse("flag_list"))
    assert client.get(reverse("officer_flag", args=[flag.number])).status_code == 404
    assert flag.number not in text(client, agency_user, reverse("flag_list"))
    referred = bench.splitting()
    actions.refer(bench.officers[0], bench.body, referred.number, "省财政厅", "同一项目拆分")
    actions.conclude(bench.officers[1], bench.body, referred.number, "财政部门已责令改正", confirmed=True)
    public = text(client, None, reverse("flag_page", args=[referred.number]))
    assert "化整为零" in public
    assert "财政部门已责令改正" in public
    listed = text(client, None, reverse("flag_list"))
    assert referred.number in listed
    assert "100%" in listed, "the precision of the rule"


def test_a_case_is_opened_prefilled_in_one_press(client: Client, bench: Bench, flag: Flag) -> None:
    page = text(client, bench.officers[0], reverse("officer_flag", args=[flag.number]))
    assert f"不同机构报价相同：2 次报出相同价格（{flag.number}）" in page
    status, to = press(
        client, bench.officers[0], flag, "case", agency=bench.one.uscc, proposed="suspend", reason="两次同价。"
    )
    assert status == 302
    flag.refresh_from_db()
    assert flag.exit_case is not None
    assert to == reverse("officer_case", args=[flag.exit_case.number])


def test_what_is_refused_comes_back_and_who_was_first_is_told(client: Client, bench: Bench, flag: Flag) -> None:
    status, said = press(client, bench.officers[0], flag, "dismiss", reason="")
    assert status == 400
    assert 'id="dismiss-reason"' in said
    actions.dismiss(bench.officers[0], bench.body, flag.number, "国家规定收费")
    status, said = press(client, bench.officers[1], flag, "watch", reason="再看看")
    assert status == 400
    assert 'data-testid="taken"' in said
    assert str(bench.officers[0]) in said


def test_unknown_verbs_and_flags_are_not_there(client: Client, bench: Bench, flag: Flag) -> None:
    assert press(client, bench.officers[0], flag, "punish")[0] == 404
    assert client.get(reverse("officer_flag", args=["F-2026-999999"])).status_code == 404


def test_the_list_filters_by_status_and_rule(client: Client, bench: Bench, flag: Flag) -> None:
    bench.splitting()
    path = reverse("officer_flags")
    assert "化整为零" in text(client, bench.officers[0], path)
    only = text(client, bench.officers[0], f"{path}?rule=C4b")
    assert flag.number in only
    assert reverse("officer_flag", args=[Flag.objects.get(rule="B7").number]) not in only
    assert "没有预警" in text(client, bench.officers[0], f"{path}?status={Status.CONFIRMED}")


def test_lists_take_the_same_queries_whatever_there_is(
    client: Client, bench: Bench, django_assert_max_num_queries: object
) -> None:
    for n in range(12):
        bench.same_price(f"GS-2026-{n:06d}")
        bench.splitting(f"91620100MA0BUYER{n:02d}")
    client.force_login(bench.officers[0])
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(reverse("officer_flags"))


def test_the_policy_radar_lists_what_restricts_with_the_law_it_cites(
    client: Client, bench: Bench, published_request: Request, waterworks: Organisation
) -> None:
    assert published_request.number not in text(client, bench.officers[0], reverse("policy_radar"))
    Request.objects.filter(pk=published_request.pk).update(scope="仅限兰州市本地机构参加。")
    assert "仅限兰州市本地机构" in text(client, bench.officers[0], reverse("policy_radar"))
    Request.objects.filter(pk=published_request.pk).update(cited_law="《中华人民共和国测绘法》第二十七条")
    shown = text(client, bench.officers[0], reverse("policy_radar"))
    assert "《中华人民共和国测绘法》第二十七条" in shown
    assert waterworks.name in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open_empty_in_both_languages(client: Client, bench: Bench, language: str) -> None:
    for name in ("officer_flags", "officer_network", "policy_radar", "flag_list", "public_network"):
        text(client, bench.officers[0], reverse(name), language=language)
