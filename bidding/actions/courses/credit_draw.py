"""信用择优 (R3): credit noted, a long list drawn from, a short list with names, and the buyer's choice within its time."""

from django.utils.translation import gettext_noop

from accounts.notices import tell
from bidding import queries
from bidding.actions.award import hold_agencies
from bidding.actions.barring import bar_under
from bidding.actions.courses.crediting import note_credit
from bidding.actions.courses.drawing import BARRED, closed, draw_of, seal
from bidding.actions.courses.ending import close, decided, fail, wait
from bidding.entries import lots as entries
from bidding.models import Enrolment, Selection, Stage
from core.queries import calendar
from draws.models import Draw
from journal.actions import Held
from journal.awards import credit_draw
from journal.awards.outcome import barred
from marketplace.models import Request
from marketplace.rulesets import CreditDraw, ruleset


class CreditDrawCourse:
    """Credit decides about the long list and the tickets, the draw about the short list, the buyer about the winner."""

    def begin(self, held: Held, request: Request) -> None:
        hold_agencies(request)
        note_credit(held, request)
        Selection.objects.create(request=request, stage=Stage.DRAWING)
        self.go_on(held, request)

    def go_on(self, held: Held, request: Request) -> None:
        draw = draw_of(request)
        if request.selection.stage == Stage.PICKING:
            self._lapse(held, request)
        elif draw.drawn_at is not None:
            self._short_list(held, request, draw)
        elif closed(held, request, draw):
            self._seal(held, request, draw)

    def _seal(self, held: Held, request: Request, draw: Draw) -> None:
        hold_agencies(request)
        bar_under(held, request)
        out = {one.label: BARRED[one.barred_because] for one in queries.standing_enrolments(request) if one.barred_at}
        noted = credit_draw.scores_of(queries.case_entries(held.name))
        scores = {one.label: one for one in noted if one.label not in out}
        listed, missed = credit_draw.long_list(scores.values(), ruleset(request.ruleset).numbers)
        if not listed:
            fail(held, request, "nobody_left")
            return
        low = {
            label: f"信用评分 {scores[label].k:.1f}，未达到长名单最低的 {least:.1f}" for label, least in missed.items()
        }
        seal(held, request, draw, listed, {**out, **low})

    def _short_list(self, held: Held, request: Request, draw: Draw) -> None:
        """The first drawn are told to the buyer and the public, by name."""
        hold_agencies(request)
        bar_under(held, request)
        assert draw.result is not None
        numbers = ruleset(request.ruleset)
        void = barred(queries.case_entries(held.name))
        labels = credit_draw.short_list(draw.result["order"], void, numbers.numbers)
        if not labels:
            fail(held, request, "nobody_left")
            return
        due_at = calendar().add(held.now, numbers.of(CreditDraw).pick_wd)
        names = [one for one in queries.reveals(request) if one["label"] in labels]
        held.append(*entries.short_listed(labels, due_at, names))
        wait(request.selection, Stage.PICKING, due_at=due_at)
        subject = gettext_noop("%(number)s 的入围机构已抽出，请在期限内择定并说明理由")
        tell(request.buyer_id, subject, {"number": request.number}, f"/r/{request.number}/", event="request.progress")
        for one in Enrolment.objects.filter(request=request, label__in=labels).select_related("agency"):
            subject = gettext_noop("贵机构入围 %(number)s，采购人将从入围机构中择定")
            tell(
                one.agency.organisation_id,
                subject,
                {"number": request.number},
                f"/r/{request.number}/",
                event="request.progress",
            )

    def _lapse(self, held: Held, request: Request) -> None:
        """Nobody was picked in time: the first drawn of the short list follows, which nobody can steer by waiting."""
        held.append(*entries.pick_lapsed())
        subject = gettext_noop("%(number)s 逾期未择定，已按抽取顺序产生中选机构")
        tell(request.buyer_id, subject, {"number": request.number}, f"/r/{request.number}/", event="request.progress")
        outcome = decided(held, request)
        if outcome.winner is None:
            fail(held, request, outcome.failure or "nobody_left")
        else:
            close(held, request, outcome)
