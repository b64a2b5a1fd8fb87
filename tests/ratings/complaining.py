"""A complaint's people, and its way from filing to outcome through the real verbs."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from journal.queries import entries_of
from ratings.actions import complaints
from ratings.actions.complaints import Finding, Target
from ratings.models import Complaint, ComplaintKind
from tests import cast

UPHELD = Finding(True, "经查，报告由他人代做。", "未经委托人同意转包。", "subcontracted")
DISMISSED = Finding(False, "经查，按约定交付。")


class Desk:
    """A regulator with two officers, a citizen without an organisation, and an agency with somebody who acts for it."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        self.party: Organisation = agency.organisation
        self.person: User = agency.organisation.memberships.select_related("user").get().user
        self.body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
        self.first, self.second = (cast.person(f"officer{n}@desk.example", self.body) for n in (1, 2))
        self.citizen = cast.person("whistle@citizen.example", name="马举报")

    def filed(self, target: Target | None = None, by: User | None = None) -> Complaint:
        target = target or Target(ComplaintKind.AGENCY, agency=self.agency)
        return complaints.file_complaint(by or self.citizen, target, "报告由别的公司代做。", [evidence()])

    def accepted(self, target: Target | None = None) -> Complaint:
        return complaints.accept(self.first, self.body, self.filed(target).number)

    def put(self, target: Target | None = None) -> Complaint:
        number = self.accepted(target).number
        return complaints.put_to_subject(self.first, self.body, number, "有人反映报告由他人代做，请说明。")

    def heard(self) -> Complaint:
        return complaints.state(self.person, self.party, self.put().number, "报告由本单位人员完成。")

    def upheld(self) -> Complaint:
        return complaints.decide_complaint(self.first, self.body, self.heard().number, UPHELD)


def evidence(name: str = "马举报的照片.pdf", content: bytes = b"%PDF-1.7 photo") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def let_pass(complaint: Complaint, days: int) -> None:
    dates = [f.name for f in Complaint._meta.concrete_fields if isinstance(f, models.DateTimeField)]
    Complaint.objects.filter(pk=complaint.pk).update(**{name: models.F(name) - timedelta(days=days) for name in dates})
    complaint.refresh_from_db()


def kinds(name: str) -> list[str]:
    return [entry.kind for entry in entries_of(name).order_by("seq") if entry.kind.startswith("complaint.")]
