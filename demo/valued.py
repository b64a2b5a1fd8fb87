"""Selections by mean and by merit on the demo's stage: one of each now and then, invented plans, and experts who mark them."""

import io
import logging
import zipfile
from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Kind, Membership
from bidding import plans
from bidding.actions import give_marks, nominate_expert, submit_plan
from bidding.models import Enrolment, Expert, Plan, Seat, Selection, Stage
from core.clock import database_now
from core.errors import Refused
from demo import roles, stage
from demo.words import SEED
from marketplace.models import Method, Request, RequestStatus

log = logging.getLogger(__name__)

METHODS = (Method.AVERAGE, Method.MERIT)
EVERY = timedelta(minutes=8)
EXPERTS = 7
# How long an invented expert takes, and how long one that a visitor may play.
_THINKS, _LEAVES_IT = timedelta(seconds=12), timedelta(seconds=120)
# A few texts that all plans are made of, so that few files are kept however long the demo runs.
_PLANS = (
    "一、工作思路：先收集资料、再现场踏勘，分区布点，重点调查弃渣场和取土场。二、进度：二十个工作日内提交送审稿。三、质量：三级校审。",
    "一、技术路线：遥感解译与现场核查结合，按防治分区列出措施和工程量。二、人员：项目负责人一名、专业人员四名。三、配合审查直至批复。",
    "一、依据现行规范逐项编制。二、设两次中间成果沟通。三、对不确定的边界条件给出两种方案比较，并估算投资差异。",
    "一、沿用通用章节编制。二、按期提交。三、根据专家意见修改。",
)
_REASONS = (
    (86, "技术路线完整，防治分区和措施对应清楚，进度安排留有余地。"),
    (78, "思路可行，人员配置合理；中间成果的深度写得不够具体。"),
    (70, "内容齐全，但针对本项目的分析较少，边界条件考虑一般。"),
    (58, "以通用内容为主，缺少针对性的调查和工程量测算。"),
)


def step(rng: Random) -> None:
    """Publish what is missing, send the plans and give the marks that are due."""
    if not Expert.objects.filter(organisation__demo=True).exists():
        appoint()
    _keep_going(rng)
    send_plans()
    mark_due()


def appoint() -> None:
    """Some people of invented enterprises join the pool, among them the one that visitors sign in as."""
    invented = Membership.objects.filter(organisation__kind=Kind.ENTERPRISE, organisation__demo=True)
    ours = invented.filter(user__email=roles.email("enterprise"))
    others = invented.exclude(pk__in=ours).order_by("-organisation", "pk")[:EXPERTS]
    for member in [*ours.select_related("user", "organisation"), *others.select_related("user", "organisation")]:
        nominate_expert(None, member.user, member.organisation)


def send_plans() -> int:
    """Send the plans of those whose moment has come; returns how many. Which and when follows from the request's number."""
    taking = Request.objects.filter(
        demo=True, method=Method.MERIT, status=RequestStatus.PUBLISHED, enrol_until__gt=database_now()
    )
    return sum(_send(request, seat) for request in taking for seat in _without_a_plan(request))


def mark_due() -> int:
    """The experts who have had time to read give their marks; returns how many did."""
    now = database_now()
    scoring = Selection.objects.filter(request__demo=True, stage=Stage.SCORING).values("request")
    waiting = Seat.objects.filter(request__in=scoring, given_at__isnull=True, ended_at__isnull=True, due_at__gt=now)
    return sum(_mark(one) for one in waiting.select_related("request", "expert__user") if now >= _ready_at(one))


def _keep_going(rng: Random) -> None:
    now = database_now()
    for method in METHODS:
        ours = Request.objects.filter(demo=True, ruleset=stage.NEXT, method=method)
        running = ours.filter(status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING))
        if not running.exists() and not ours.filter(published_at__gt=now - EVERY).exists():
            stage.raise_curtain(rng, stage.NEXT, method)


def _without_a_plan(request: Request) -> list[Enrolment]:
    """Invented entrants that have sent none, but for the one that visitors sign in as."""
    have = Plan.objects.filter(request=request).values("enrolment")
    seats = Enrolment.objects.filter(request=request, withdrawn_at__isnull=True, agency__organisation__demo=True)
    seats = seats.exclude(pk__in=have).exclude(agency__organisation__memberships__user__email=roles.email("agency"))
    return list(seats.select_related("agency__organisation").order_by("pk"))


def _send(request: Request, seat: Enrolment) -> int:
    assert request.enrol_until is not None
    assert request.published_at is not None
    rng = _rng("plan", request, seat.label)
    span, since = request.enrol_until - request.published_at, database_now() - request.published_at
    if since < span * rng.uniform(0.2, 0.9):
        return 0
    try:
        submit_plan(None, seat.agency, request.number or "", _document(rng.choice(_PLANS)))
    except Refused as refused:
        log.info("%s sends no plan in %s: %s", seat.agency, request.number, refused)
        return 0
    return 1


def _ready_at(seat: Seat) -> datetime:
    own = seat.expert.user.email == roles.email("enterprise")
    pace = _rng("pace", seat.request, seat.expert.code).uniform(0.6, 2)
    return seat.appointed_at + (_LEAVES_IT if own else _THINKS * pace)


def _mark(seat: Seat) -> int:
    request = seat.request
    sheet = {}
    for plan in plans.with_a_price(request):
        rng = _rng("mark", request, f"{plan.file.sha256}/{seat.expert.code}")
        kind = _rng("quality", request, plan.file.sha256).randrange(len(_REASONS))
        points, reason = _REASONS[kind]
        wild = rng.random() < 0.06
        given = points + (rng.choice((-26, 25)) if wild and points < 75 else rng.randrange(-6, 7))
        sheet[plan.enrolment.label] = {"points": max(0, min(100, given)), "reason": reason}
    try:
        give_marks(seat.expert.user, request.number or "", sheet)
    except Refused as refused:
        log.info("expert %s gives no marks in %s: %s", seat.expert, request.number, refused)
        return 0
    return 1


def _document(text: str) -> SimpleUploadedFile:
    """A small Word file, the same bytes for the same text."""
    packed = io.BytesIO()
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}。</w:t></w:r></w:p>" for line in text.rstrip("。").split("。"))
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = {
        "[Content_Types].xml": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.wordprocessingml.document.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{main}"><w:body>{paragraphs}</w:body></w:document>'
        ),
    }
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return SimpleUploadedFile("plan.docx", packed.getvalue())


def _rng(what: str, request: Request, about: str) -> Random:
    return Random(f"{SEED}/{what}/{request.number}/{about}")  # noqa: S311 (a restart has to find the same)
