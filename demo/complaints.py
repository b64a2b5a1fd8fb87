"""Complaints and a dishonesty list of the invented year, told by the platform's own verbs.

At the times they happened where the case file allows it: what stands in the platform's own, is of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from bidding.models import Award
from demo.past_clock import PastClock
from marketplace.models import ItemStatus, ServiceItem
from ratings.actions import complaints, lists
from ratings.models import ComplaintKind, ExitCase
from ratings.rules.lists import Listing, read


@dataclass(frozen=True)
class Story:
    """One complaint: what, how long ago, and how far it got."""

    kind: ComplaintKind
    days_ago: int
    text: str
    # Empty: not looked at yet; "accepted"; "refused"; "dismissed"; or what was found, for everybody to read.
    outcome: str = ""
    answer: str = ""


STORIES = (
    Story(ComplaintKind.DEMAND, 150, "办理取水许可时窗口仍要求提交已取消的论证表。",
          "该窗口在事项取消后仍索要材料，已责令改正。", "窗口的清单未及时更新，现已撤下。"),
    Story(ComplaintKind.STEERING, 120, "经办人口头建议找某家机构编制报告，否则“不好过”。", "dismissed"),
    Story(ComplaintKind.AGENCY, 95, "约定现场踏勘两次无人到场。", "两次未按约定到场，投诉成立。", "人员临时调配所致。"),
    Story(ComplaintKind.BUYER, 60, "成果已验收两个月，仍未开具付款通知。", "dismissed", "付款单据已于昨日补齐。"),
    Story(ComplaintKind.REQUEST, 45, "公告要求供应商在本市注册，限制外地机构。", "refused"),
    Story(ComplaintKind.AGENCY, 12, "报告中引用的监测数据与原始记录不一致。", "accepted"),
    Story(ComplaintKind.BUYER, 4, "要求额外提交与项目无关的材料。", "accepted"),
    Story(ComplaintKind.STEERING, 1, "部门网站公布了“推荐机构名录”。"),
)  # fmt: skip


class ComplaintTeller:
    """Complainers, officers and subjects take their parts in turn."""

    def __init__(self, clock: PastClock, now: datetime, body: Organisation, officers: Sequence[User]) -> None:
        self._clock, self._now, self._body, self._officer = clock, now, body, officers[-1]

    def tell(self) -> None:
        """Every complaint, then the list."""
        for story in STORIES:
            self._tell(story)
        self._list()

    def _tell(self, story: Story) -> None:
        filed = self._now - timedelta(days=story.days_ago)
        complainer, target = self._parties(story.kind, filed)
        self._clock.set(filed)
        number = complaints.file_complaint(complainer, target, story.text).number
        if not story.outcome:
            return
        officer = (self._officer, self._body, number)
        self._clock.set(filed + timedelta(hours=20))
        if story.outcome == "refused":
            complaints.refuse_acceptance(*officer, "公告中没有该项要求，不属于受理范围。")
            return
        complaints.accept(*officer)
        if story.outcome == "accepted":
            return
        self._clock.set(filed + timedelta(days=2))
        complaints.put_to_subject(*officer, "请就反映的事项说明情况并提交凭据。")
        self._answer(story, number, target)
        self._clock.set(filed + timedelta(days=11))
        upheld = story.outcome != "dismissed"
        said = story.outcome if upheld else ""
        finding = complaints.Finding(upheld, "经调查核实。" if upheld else "查无实据。", said)
        complaints.decide_complaint(*officer, finding)

    def _answer(self, story: Story, number: str, target: complaints.Target) -> None:
        subject = target.agency.organisation if target.agency else target.organisation
        if not story.answer:
            return
        self._clock.set(self._now - timedelta(days=story.days_ago - 5))
        if subject is None:
            complaints.record_statement(self._officer, self._body, number, story.answer)
            return
        by = User.objects.filter(memberships__organisation=subject).order_by("pk")[0]
        complaints.state(by, subject, number, story.answer)

    def _parties(self, kind: ComplaintKind, at: datetime) -> tuple[User, complaints.Target]:
        """Who complains about whom: parties of one request that was public by then, never those of the demo's roles."""
        known = Award.objects.filter(published_at__lt=at).order_by("-published_at")
        award = known.select_related("request__buyer", "winner__agency__organisation")[3]
        request, agency = award.request, award.winner.agency
        of_buyer = User.objects.filter(memberships__organisation=request.buyer).order_by("pk")[0]
        of_agency = User.objects.filter(memberships__organisation=agency.organisation).order_by("pk")[0]
        match kind:
            case ComplaintKind.AGENCY:
                return of_buyer, complaints.Target(kind, agency=agency)
            case ComplaintKind.BUYER:
                return of_agency, complaints.Target(kind, organisation=request.buyer)
            case ComplaintKind.REQUEST:
                return of_agency, complaints.Target(kind, request=request)
            case ComplaintKind.STEERING:
                department = Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("-pk")[0]
                return of_buyer, complaints.Target(kind, organisation=department)
            case _:
                item = ServiceItem.objects.filter(status=ItemStatus.CANCELLED).order_by("code")[0]
                return of_buyer, complaints.Target(kind, item=item, department="某县水务局（演示）")

    def _list(self) -> None:
        """One agency of the market on it, one whose name only looks alike, and strangers."""
        free = Agency.objects.exclude(pk__in=ExitCase.objects.values("agency")).select_related("organisation")
        listed, alike = free.order_by("-pk")[:2]
        published = (self._now - timedelta(days=8)).date()
        rows = [
            ("统一社会信用代码", "名称", "事由"),
            (listed.uscc, listed.organisation.name, "有履行能力而拒不履行生效法律文书确定义务（演示）"),
            ("91620000MA7XXXXX0Q", alike.organisation.name.replace("有限公司", "有限责任公司"), "演示"),
            ("91110000MA0YYYYY1T", "另一地区的一家公司（演示）", "演示"),
        ]
        content = "\n".join(",".join(row) for row in rows).encode()
        self._clock.set(self._now - timedelta(days=7))
        listing = Listing(
            "失信被执行人名单（演示）", "某中级人民法院（演示）", published, "https://court.example/list/1"
        )
        lists.take_in(
            self._officer, self._body, listing, read(content), file_name="名单.csv", sha256=lists.digest(content)
        )
