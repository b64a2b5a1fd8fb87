"""What an agency tells about itself after entry: each change is one entry, and none of it gates anything."""

from datetime import date

import pytest

from agencies import actions, policies, queries
from agencies.actions import Claim
from agencies.models import Agency, PastWork, Qualification, QualificationStatus, Tie, TieNature
from agencies.rules import holds
from core import files
from journal.queries import entries_of
from tests import cast

pytestmark = pytest.mark.django_db


def last_entry(agency):
    return entries_of(f"A-{agency.uscc}").last()


@pytest.fixture
def claim(survey_kind):
    return Claim(survey_kind, "甲测资字 6200001", "自然资源部", date(2026, 1, 1), date(2030, 12, 31))


def test_a_changed_profile_is_told_by_the_names_of_its_fields_alone(swift_agency):
    changes = {"intro": "专做水土保持。", "legal_representative": "钱七", "contact_phone": "0931-5550009"}
    changed = actions.change_profile(swift_agency.user, swift_agency, changes)
    entry = last_entry(swift_agency)
    assert (changed.intro, changed.organisation.contact_phone) == ("专做水土保持。", "0931-5550009")
    assert entry.kind == "agency.profile_changed"
    assert entry.data == {"fields": ["intro", "legal_representative", "contact_phone"]}
    assert "钱七" not in bytes(entry.body).decode()


def test_a_new_name_stands_in_the_entry_and_in_the_initials(swift_agency):
    changed = actions.change_profile(swift_agency.user, swift_agency, {"name": "迅捷咨询有限公司"})
    assert last_entry(swift_agency).data == {"fields": ["name"], "name": "迅捷咨询有限公司"}
    assert changed.pinyin == "xjzxyxgs"


def test_a_profile_saved_unchanged_writes_nothing(swift_agency):
    before = last_entry(swift_agency).seq
    actions.change_profile(swift_agency.user, swift_agency, {"name": swift_agency.organisation.name})
    assert last_entry(swift_agency).seq == before


def test_standing_and_credit_are_no_part_of_a_profile(swift_agency):
    actions.change_profile(swift_agency.user, swift_agency, {"standing": "removed", "grade": "A", "uscc": "x"})
    swift_agency.refresh_from_db()
    assert (swift_agency.standing, swift_agency.grade) == ("active", "N")


def test_another_agency_changes_nothing(swift_agency, steady_agency):
    with pytest.raises(actions.NotYourAgency):
        actions.change_profile(steady_agency.user, swift_agency, {"intro": "抹黑"})
    swift_agency.refresh_from_db()
    assert swift_agency.intro == ""


def test_a_claimed_qualification_is_held_at_once(swift_agency, claim):
    actions.claim_qualification(swift_agency.user, swift_agency, claim)
    entry = last_entry(swift_agency)
    assert holds(queries.certificates(swift_agency), "TEST-SURVEY", date(2026, 11, 23)).held
    assert entry.kind == "qualification.claimed"
    assert entry.data == {
        "kind": "TEST-SURVEY",
        "number": "甲测资字 6200001",
        "valid_from": "2026-01-01",
        "valid_until": "2030-12-31",
        "file": None,
    }


def test_the_same_certificate_is_stored_once(swift_agency, claim):
    actions.claim_qualification(swift_agency.user, swift_agency, claim)
    with pytest.raises(actions.QualificationKnown):
        actions.claim_qualification(swift_agency.user, swift_agency, claim)
    assert Qualification.objects.count() == 1
    assert last_entry(swift_agency).seq == 2


def test_a_certificate_that_ends_before_it_begins_is_refused(swift_agency, survey_kind):
    backwards = Claim(survey_kind, "1", "自然资源部", date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(actions.EndsBeforeItBegins):
        actions.claim_qualification(swift_agency.user, swift_agency, backwards)


def test_a_changed_certificate_is_a_new_claim_that_no_earlier_check_covers(swift_agency, claim, survey_kind):
    stored = files.keep(b"%PDF-1.7 certificate")
    row = actions.claim_qualification(swift_agency.user, swift_agency, Claim(**{**vars(claim), "file": stored}))
    Qualification.objects.update(status=QualificationStatus.VERIFIED)
    longer = Claim(survey_kind, claim.number, claim.issued_by, claim.valid_from, date(2035, 12, 31))
    changed = actions.change_qualification(swift_agency.user, row, longer)
    assert (changed.status, changed.file) == (QualificationStatus.CLAIMED, stored)
    assert last_entry(swift_agency).data["file"] == stored.sha256


def test_a_claim_taken_back_leaves_the_page_but_not_the_case_file(swift_agency, claim):
    row = actions.claim_qualification(swift_agency.user, swift_agency, claim)
    actions.take_back_qualification(swift_agency.user, row)
    assert queries.qualification_lines(swift_agency) == []
    assert [entry.kind for entry in entries_of(f"A-{swift_agency.uscc}")][1:] == [
        "qualification.claimed",
        "qualification.taken_back",
    ]


def test_i10_a_tie_is_declared_in_public(swift_agency, river_bureau):
    tie = actions.declare_tie(swift_agency.user, swift_agency, river_bureau, TieNature.FOUNDED)
    entry = last_entry(swift_agency)
    assert tie.ended_at is None
    assert entry.kind == "tie.declared"
    assert entry.at == tie.declared_at
    assert entry.data == {
        "department": {"name": river_bureau.name, "uscc": river_bureau.uscc},
        "nature": "founded",
    }


def test_a_tie_is_declared_once_while_it_lasts_and_may_return_after_its_end(swift_agency, river_bureau):
    tie = actions.declare_tie(swift_agency.user, swift_agency, river_bureau, TieNature.STAFF)
    with pytest.raises(actions.TieKnown):
        actions.declare_tie(swift_agency.user, swift_agency, river_bureau, TieNature.STAFF)
    actions.end_tie(swift_agency.user, tie)
    actions.declare_tie(swift_agency.user, swift_agency, river_bureau, TieNature.STAFF)
    assert Tie.objects.filter(agency=swift_agency, ended_at__isnull=True).count() == 1


def test_a_tie_ended_twice_is_ended_once(swift_agency, river_bureau):
    tie = actions.declare_tie(swift_agency.user, swift_agency, river_bureau, TieNature.STAFF)
    actions.end_tie(swift_agency.user, tie)
    ended = Tie.objects.get().ended_at
    actions.end_tie(swift_agency.user, tie)
    assert Tie.objects.get().ended_at == ended
    assert [entry.kind for entry in entries_of(f"A-{swift_agency.uscc}")].count("tie.ended") == 1


def test_ties_are_to_departments(swift_agency, waterworks):
    with pytest.raises(actions.NotADepartment):
        actions.declare_tie(swift_agency.user, swift_agency, waterworks, TieNature.FOUNDED)


def test_past_work_is_shown_and_taken_down_on_record(swift_agency):
    work = actions.show_work(swift_agency.user, swift_agency, title="某水库方案", client="某县水务局", year=2024)
    actions.take_down_work(swift_agency.user, work)
    assert not PastWork.objects.exists()
    assert last_entry(swift_agency).data == {"title": "某水库方案", "year": 2024}


def test_who_may_edit_is_answered_alike_per_object_and_as_a_queryset(
    swift_agency, steady_agency, waterworks_user, operator
):
    for user in (swift_agency.user, steady_agency.user, waterworks_user, operator):
        allowed = {one for one in Agency.objects.all() if policies.may_edit(user, one)}
        assert set(policies.editable_by(user)) == allowed
    assert set(policies.editable_by(swift_agency.user)) == {swift_agency}


def test_only_agencies_act_as_agencies(swift_agency, waterworks_user):
    assert policies.require_agency(swift_agency.user) == swift_agency
    for user in (waterworks_user, cast.person("nobody@example.com")):
        with pytest.raises(policies.NotAnAgency):
            policies.require_agency(user)
