"""Where stories are kept until there are enough of them to write: memory stays bounded however long the past is."""

from django.db import models

from bidding.models import Auction, Award, Bid, Enrolment
from demo.books import Books
from demo.bulk import Numbers, copy
from demo.casefile import CaseFile
from journal.models import Case
from marketplace.models import Request

_AT_ONCE = 400


class Ledger:
    """Rows of requests and all that hangs on them."""

    def __init__(self) -> None:
        self.case_ids, self.request_ids = Numbers.of(Case), Numbers.of(Request)
        self.enrolment_ids, self.auction_ids = Numbers.of(Enrolment), Numbers.of(Auction)
        self.award_ids, self.books = Numbers.of(Award), Books()
        self.told = 0
        self._clear()

    def add(
        self,
        request: Request,
        file: CaseFile,
        enrolments: list[Enrolment],
        auction: Auction | None,
        bids: list[Bid],
        award: Award | None,
        followed: list[models.Model],
    ) -> None:
        """Keep one story, and write all when there are many."""
        self._requests.append(request)
        self._files.append(file)
        self._enrolments += enrolments
        self._auctions += [auction] if auction else []
        self._bids += bids
        self._awards += [award] if award else []
        self.books.shelve(followed)
        if len(self._requests) >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Bring in what is kept, each row after those it names."""
        copy([file.row() for file in self._files], self._requests, self._enrolments, self._auctions)
        copy(self._bids, self._awards)
        self.books.write()
        copy([entry for file in self._files for entry in file.entries])
        self.told += len(self._requests)
        self._clear()

    def _clear(self) -> None:
        self._requests: list[Request] = []
        self._files: list[CaseFile] = []
        self._enrolments: list[Enrolment] = []
        self._auctions: list[Auction] = []
        self._bids: list[Bid] = []
        self._awards: list[Award] = []
