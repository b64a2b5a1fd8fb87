"""The cast. Plumbing for servers and browsers is in tests/plumbing."""

import gc
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from django.db import connection

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, QualificationKind
from bidding.actions import Answer, Press, place_bids
from bidding.models import Auction
from marketplace.models import Request, ServiceItem
from tests import cast
from tests.committed import for_real
from tests.plumbing import live

# What a file is named after, and the mark its tests carry.
_MARKS = {
    re.compile(r"_(at_once|concurrent_bids)\b"): "race",
    re.compile(r"_(pages?|doors|desk|console|gateway|room|confidential)\b"): "page",
    re.compile(r"_(methods?|tie_out|merit_experts|merit_plans|sealed_prices|inspections|pipeline)\b"): "story",
    re.compile(
        r"_(exits|exit_measures|exit_papers|exit_dates|repairs|repairs_overdue|officer_\w+|own_cases|openings)\b"
    ): "story",
}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Migrate while the workers collect; whoever needs it first waits for the rest."""
    if getattr(session.config.option, "numprocesses", None):
        Thread(target=live.migrated, daemon=True).start()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What `make fast` leaves out, by the names of files: races, pages, selections and cases; and what plays a contract first."""
    for item in items:
        if "number" in getattr(item, "fixturenames", ()):
            item.add_marker("story")
        for name, mark in _MARKS.items():
            if name.search(item.path.stem):
                item.add_marker(mark)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's own database is a copy of one that was migrated once in the run."""
    connection.settings_dict["TEST"]["TEMPLATE"] = live.migrated()


@pytest.fixture(autouse=True)
def published_checkpoint(settings: Settings) -> Path:
    """Each test's database begins anew, and so does what was published of it."""
    settings.LOG_CHECKPOINT = settings.DATA_DIR / "log" / uuid.uuid4().hex
    return Path(settings.LOG_CHECKPOINT)


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This test commits, from several threads if it likes, and nothing of it stays.

    In place of pytest-django's own, which empties every table: the journal refuses that, and regions come from a migration.
    It has that name because pytest-django makes a test's database only where some test asks for one by a name it knows.
    """
    with for_real(django_db_blocker):
        yield


@pytest.fixture
def operator(db: None) -> User:
    return cast.person("operator@platform.example", is_staff=True)


@pytest.fixture
def waterworks(db: None) -> Organisation:
    """An enterprise that buys."""
    return cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")


@pytest.fixture
def waterworks_user(waterworks: Organisation) -> User:
    return cast.person("buyer@waterworks.example", waterworks)


@pytest.fixture
def river_bureau(db: None) -> Organisation:
    """A department that buys."""
    return cast.organisation(Kind.DEPARTMENT, "岷县水务局", "621100", field="水利")


@pytest.fixture
def river_officer(river_bureau: Organisation) -> User:
    return cast.person("officer@river.example", river_bureau)


@pytest.fixture
def regulator(db: None) -> User:
    return cast.person("first@regulator.example", cast.organisation(Kind.REGULATOR, "甘肃省市场监督管理局"))


@pytest.fixture
def second_regulator(regulator: User) -> User:
    body = regulator.memberships.get().organisation
    return cast.person("second@regulator.example", body)


@pytest.fixture
def item(db: None) -> ServiceItem:
    """Published, no qualification demanded."""
    return cast.service_item()


@pytest.fixture
def survey_kind(db: None) -> QualificationKind:
    return QualificationKind.objects.create(
        code="TEST-SURVEY",
        name_zh="测绘资质证书",
        name_en="Surveying",
        legal_basis_zh="《中华人民共和国测绘法》第二十七条",
    )


@pytest.fixture
def survey_item(survey_kind: QualificationKind) -> ServiceItem:
    """Published; a law demands a qualification."""
    return cast.service_item("TST-02", name_zh="土地勘测定界", required=survey_kind)


@pytest.fixture
def swift_agency(item: ServiceItem) -> Agency:
    made = cast.agency("迅达咨询有限公司")
    cast.offers(item, made)
    return made


@pytest.fixture
def steady_agency(item: ServiceItem) -> Agency:
    made = cast.agency("稳健环境技术有限公司", "610000")
    cast.offers(item, made)
    return made


@pytest.fixture
def third_agency(item: ServiceItem) -> Agency:
    made = cast.agency("三江工程咨询有限公司", "510000")
    cast.offers(item, made)
    return made


@pytest.fixture
def published_request(waterworks: Organisation, waterworks_user: User, item: ServiceItem) -> Request:
    """An enterprise's request that takes enrolments."""
    return cast.published(waterworks, item, waterworks_user)


@pytest.fixture
def auction(
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    swift_agency: Agency,
    steady_agency: Agency,
    third_agency: Agency,
) -> Auction:
    """Live, ceiling 100,000.00 yuan, step 500.00, three agencies enrolled, no bid yet."""
    return cast.live_auction(waterworks, item, waterworks_user, swift_agency, steady_agency, third_agency)


@pytest.fixture
def bid() -> Callable[..., Answer]:
    """`bid(auction, agency, "99500.00")` places one bid and gives its answer."""

    def place(
        auction: Auction, agency: Agency, amount: str, *, key: uuid.UUID | None = None, confirmed: bool = False
    ) -> Answer:
        user = agency.organisation.memberships.get().user_id
        press = Press(key or uuid.uuid4(), agency.pk, user, cast.yuan(amount), confirmed)
        [answer] = place_bids(auction.request.number or "", [press])
        return answer

    return place
