"""Officers hear of a flag that points to somebody, without reading whom; hints wait in the list."""

from django.utils import translation

import pytest

from accounts.models import Notice
from accounts.telling import take
from agencies.models import Agency
from flags.models import Flag
from journal.models import Entry
from tests import cast
from tests.flags.stage import Bench

pytestmark = pytest.mark.django_db


def told(flag: Flag) -> list[Notice]:
    take(list(Entry.objects.filter(case__name=flag.number).select_related("case")))
    return list(Notice.objects.filter(event="flag.raised"))


@pytest.fixture
def flag(swift_agency: Agency) -> Flag:
    made = Bench(swift_agency, cast.agency("兰州第二测绘公司")).same_price()
    assert made is not None
    return made


def test_the_regulator_hears_that_a_flag_waits_and_not_whom_it_is_about(flag: Flag, swift_agency: Agency) -> None:
    Flag.objects.filter(pk=flag.pk).update(severity=1)
    [notice] = told(flag)
    assert notice.organisation.kind == "regulator"
    assert notice.path == f"/regulator/flags/{flag.number}/"
    with translation.override("zh-hans"):
        assert notice.text == f"预警 {flag.number}（规则 C4b）待分拣"
    assert swift_agency.organisation.name not in str(notice.facts)
    assert swift_agency.uscc not in str(notice.facts)


def test_of_a_hint_nobody_is_told(flag: Flag) -> None:
    Flag.objects.filter(pk=flag.pk).update(severity=0)
    assert told(flag) == []
