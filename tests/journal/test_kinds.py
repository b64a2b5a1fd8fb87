"""Kinds of entry have names on pages, whichever package appends them."""

from journal.kinds import name_of
from marketplace.timeline import label_of
from ratings.entries import LABELS, ComplaintEntry, CreditEntry, EvaluationEntry, ExitEntry, ListEntry


def test_every_kind_of_credit_and_exit_has_a_name():
    for kinds in (ComplaintEntry, CreditEntry, EvaluationEntry, ExitEntry, ListEntry):
        for kind in kinds:
            assert name_of(kind) == str(LABELS[kind]) != kind


def test_a_requests_timeline_names_what_packages_above_append():
    assert label_of("evaluation.revealed") == "评价公开"


def test_a_kind_of_a_later_release_keeps_its_bare_name():
    assert name_of("something.new") == label_of("something.new") == "something.new"
