"""Invented agencies with what they show: offerings, certificates, past work, ties; and the case file that says so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from accounts.models import Kind, Organisation
from agencies import commitments
from agencies.entries import AgencyEntry
from agencies.models import (
    Agency,
    Commitment,
    PastWork,
    Qualification,
    QualificationStatus,
    Tie,
    TieNature,
)
from contracts.models import PayeeAccount
from core.text import initials
from demo import projects, roles, words
from demo.bulk import Numbers, copy
from demo.casefile import CaseFile
from demo.people import Buyer, People
from journal.models import Case
from marketplace import entries
from marketplace.models import Offering

AGENCIES = 120
_OUTSIDE_SHARE = 0.5
_EXTRA_ITEM, _WITHOUT_CERTIFICATE, _EXPIRED, _EXPIRING = 0.25, 0.03, 0.08, 0.14
_BANKS = ("演示农商银行", "演示城市商业银行", "演示股份制银行")
_BRANCHES = ("营业部", "城关支行", "新区支行", "西津支行", "高新支行")
_FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司")


@dataclass(frozen=True, slots=True)
class Player:
    """An agency as the past needs it: who it is, since when, what it holds and where it may not go."""

    agency: int
    user: int
    uscc: str
    name: str
    since: datetime
    organisation: Organisation = field(hash=False)
    account: PayeeAccount = field(hash=False)
    items: tuple[str, ...]
    certificates: dict[str, tuple[date, date]] = field(hash=False)
    tied_to: frozenset[int] = frozenset()

    def may_enrol(self, kinds: Iterable[str], buyer: int, at: datetime) -> bool:
        """Was it here, free of ties and lawfully qualified at that time?"""
        if self.since > at or buyer in self.tied_to:
            return False
        day = at.date()
        return all(self._holds(kind, day) for kind in kinds)

    def _holds(self, kind: str, day: date) -> bool:
        first, last = self.certificates.get(kind, (date.max, date.min))
        return first <= day <= last


class Agencies:
    """Makes agencies one by one; `write` brings in those made since the last time."""

    def __init__(self, people: People, now: datetime, required: dict[str, list[str]], clients: list[str]) -> None:
        self._people, self._now, self._required, self._clients = people, now, required, clients
        self._rng, self._taken = words.source("agencies"), set[str]()
        self._banking = words.source("accounts")
        self._agency_ids, self._case_ids = Numbers.of(Agency), Numbers.of(Case)
        self._rows: dict[type, list[object]] = {}
        self._files: list[CaseFile] = []

    def make(self, number: int, departments: list[Buyer]) -> Player:
        """The next agency; number 0 is the one of the demo's role, which offers whatever is on stage."""
        rng, ours = self._rng, not number
        trade = words.weighted(rng, words.words("trades")["trade"])
        place = words.weighted(rng, words.words("names")["outside" if rng.random() < _OUTSIDE_SHARE else "inside"])
        if ours:
            trade, place = words.words("trades")["trade"][7], words.words("names")["inside"][0]
        email = roles.email("agency") if ours else f"agency{number}@demo.example"
        name = self._name(rng, trade, place)
        organisation, user = self._people.add(rng, Kind.AGENCY, name, place["region"], place["area"], email)
        since = self._joined(rng, ours=ours)
        agency = self._agency(rng, organisation, user, trade, since)
        items = self._items(rng, trade, ours=ours)
        file = self._files[-1]
        self._offer(rng, file, agency, items)
        certificates = self._certify(rng, file, agency, items, ours=ours)
        self._show_work(rng, file, agency, items)
        tied = self._tie(rng, file, agency, departments, ours=ours)
        account = self._account(organisation, user, since)
        code = organisation.uscc
        return Player(agency.pk, user, code, name, since, organisation, account, tuple(items), certificates, tied)

    def write(self) -> None:
        """Bring in the rows made since the last time; people first, for agencies stand on them."""
        self._people.write()
        copy([file.row() for file in self._files])
        for model in (Agency, Commitment, Offering, Qualification, PastWork, Tie, PayeeAccount):
            copy(self._rows.pop(model, []))  # type: ignore[arg-type]
        for file in self._files:
            copy(file.entries)
        self._files = []

    def _keep(self, row: object) -> None:
        self._rows.setdefault(type(row), []).append(row)

    def _account(self, one: Organisation, user: int, since: datetime) -> PayeeAccount:
        """Where it is paid: no bank is called so, and no bank's cards begin so."""
        rng = self._banking
        account = PayeeAccount(
            organisation_id=one.pk,
            bank=f"{rng.choice(_BANKS)}{rng.choice(_BRANCHES)}",
            number=f"9900{rng.randrange(10**15):015d}",
            changed_by_id=user,
            changed_at=since + timedelta(minutes=rng.randrange(60, 3000)),
        )
        self._keep(account)
        return account

    def _name(self, rng: Random, trade: words.Words, place: words.Words) -> str:
        while True:
            form = trade.get("form") or rng.choice(_FORMS)
            name = rng.choice(place["prefixes"]) + words.brand(rng) + rng.choice(trade["words"]) + form
            if name not in self._taken:
                self._taken.add(name)
                return str(name)

    def _joined(self, rng: Random, *, ours: bool) -> datetime:
        """Most came when the platform opened, the others since."""
        days = rng.uniform(366, 400) if ours or rng.random() < 0.7 else rng.uniform(6, 366)
        return self._now - timedelta(days=days)

    def _agency(self, rng: Random, one: Organisation, user: int, trade: words.Words, since: datetime) -> Agency:
        file = CaseFile(self._case_ids.next(), f"A-{one.uscc}")
        self._files.append(file)
        text = commitments.AGENCY
        said = {"name": one.name, "uscc": one.uscc, "region": one.region_id}
        since = file.append(since, (AgencyEntry.COMMITTED, {**text.as_entry(), **said}))
        agency = Agency(
            pk=self._agency_ids.next(),
            organisation_id=one.pk,
            case_id=file.pk,
            registered_at=since,
            intro=f"主要从事{trade['skill']}，现有专业技术人员 {rng.randrange(8, 90)} 人。（演示数据）",
            legal_representative=words.person(rng),
            pinyin=initials(one.name)[:120],
        )
        self._keep(agency)
        signed = {"version": text.version, "text_sha256": text.sha256, "signed_by_id": user, "signed_at": since}
        self._keep(Commitment(agency_id=agency.pk, **signed))
        changed = {"fields": ["intro", "legal_representative"]}
        file.append(since + timedelta(minutes=rng.randrange(2, 60)), (AgencyEntry.PROFILE_CHANGED, changed))
        return agency

    def _items(self, rng: Random, trade: words.Words, *, ours: bool) -> list[str]:
        if ours:
            return [*projects.STAGE, "GEO-03", "GEO-04"]
        items = list(trade["items"])
        kept = items[: rng.randrange(1, len(items) + 1)] if rng.random() < 0.3 else items
        if rng.random() < _EXTRA_ITEM:
            kept.append(rng.choice(projects.STAGE))
        return sorted(set(kept))

    def _offer(self, rng: Random, file: CaseFile, agency: Agency, items: list[str]) -> None:
        for code in items:
            least, _most = words.words("projects")["item"][code]["ceiling"]
            price = round(least * rng.uniform(0.5, 0.95), -2) * 100 if rng.random() < 0.7 else None
            self._keep(Offering(agency_id=agency.pk, item_id=code, price_from=int(price) if price else None))
        file.append(_later(rng, file, 40), entries.services_changed(items, []))

    def _certify(
        self, rng: Random, file: CaseFile, agency: Agency, items: list[str], *, ours: bool
    ) -> dict[str, tuple[date, date]]:
        held: dict[str, tuple[date, date]] = {}
        for kind in sorted({kind for code in items for kind in self._required.get(code, [])}):
            fate = _EXPIRED - 0.001 if ours else rng.random()
            if fate < _WITHOUT_CERTIFICATE:
                continue
            first, last = self._validity(rng, fate)
            held[kind] = first, last
            shape = words.words("trades")["qualifications"][kind]
            row = Qualification(
                agency_id=agency.pk,
                kind_id=kind,
                number=shape["number"].format(serial=rng.randrange(1, 990)),
                issued_by=shape["issued_by"],
                valid_from=first,
                valid_until=last,
                status=QualificationStatus.VERIFIED if rng.random() < 0.6 else QualificationStatus.CLAIMED,
            )
            self._keep(row)
            said = {
                "kind": kind,
                "number": row.number,
                "valid_from": first.isoformat(),
                "valid_until": last.isoformat(),
                "file": None,
            }
            file.append(_later(rng, file, 120), (AgencyEntry.QUALIFICATION_CLAIMED, said))
        return held

    def _validity(self, rng: Random, fate: float) -> tuple[date, date]:
        today = self._now.date()
        if fate < _EXPIRED:
            last = today - timedelta(days=rng.randrange(3, 200))
        elif fate < _EXPIRING:
            last = today + timedelta(days=rng.randrange(3, 58))
        else:
            last = today + timedelta(days=rng.randrange(90, 1200))
        return last - timedelta(days=365 * rng.choice((3, 5, 5))) + timedelta(days=1), last

    def _show_work(self, rng: Random, file: CaseFile, agency: Agency, items: list[str]) -> None:
        for _number in range(rng.choice((0, 1, 2, 2, 3))):
            place = words.weighted(rng, words.words("names")["inside"])
            title = projects.title(rng, rng.choice(items), place)
            row = PastWork(
                agency_id=agency.pk,
                title=title,
                client=rng.choice(self._clients),
                year=file_year(file) - rng.randrange(1, 4),
                summary="按合同完成并通过验收。（演示数据）",
            )
            self._keep(row)
            said = {"title": row.title, "year": row.year}
            file.append(_later(rng, file, 200), (AgencyEntry.WORK_SHOWN, said))

    def _tie(
        self, rng: Random, file: CaseFile, agency: Agency, departments: list[Buyer], *, ours: bool
    ) -> frozenset[int]:
        if not ours and rng.random() >= 0.06:
            return frozenset()
        department = departments[1 if ours else rng.randrange(len(departments))].organisation
        nature = rng.choice(list(TieNature))
        said = {"department": {"name": department.name, "uscc": department.uscc}, "nature": str(nature)}
        at = file.append(_later(rng, file, 60), (AgencyEntry.TIE_DECLARED, said))
        self._keep(Tie(agency_id=agency.pk, department_id=department.pk, nature=nature, declared_at=at))
        return frozenset([department.pk])


def by_item(players: Iterable[Player]) -> dict[str, list[Player]]:
    """Who offers each item."""
    found: dict[str, list[Player]] = {}
    for player in players:
        for code in player.items:
            found.setdefault(code, []).append(player)
    return found


def file_year(file: CaseFile) -> int:
    """The year of the newest entry."""
    assert file.last_at is not None
    return file.last_at.year


def _later(rng: Random, file: CaseFile, minutes: int) -> datetime:
    assert file.last_at is not None
    return file.last_at + timedelta(seconds=rng.randrange(60, minutes * 60))
