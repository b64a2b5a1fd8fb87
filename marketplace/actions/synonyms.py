"""Keep the words that people search by. An operator's tool: nothing but search depends on it, so no entry tells of it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.search import terms
from core.search.models import Synonym


class SynonymEmpty(Refused):
    """Both sides have to hold something that is searched: Chinese characters, letters or digits, in one piece."""

    code = "E_SYNONYM_EMPTY"
    field = "short"
    message = _("简称和全称都须是连续的汉字、字母或数字，且不相同")
    fix = _("去掉标点和空格后再添加")


class SynonymKnown(Refused):
    """The pair is there already."""

    code = "E_SYNONYM_KNOWN"
    field = "short"
    message = _("“%(short)s → %(long)s”已经有了")


def add_synonym(short: str, long: str) -> Synonym:
    """Let one be found by the other from now on; raises SynonymEmpty or SynonymKnown."""
    pair = [terms.runs(text) for text in (short, long)]
    if any(len(one) != 1 for one in pair) or pair[0] == pair[1]:
        raise SynonymEmpty()
    made = Synonym.of(pair[0][0], pair[1][0])
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as known:
        raise SynonymKnown(short=made.short, long=made.long) from known
    return made


def drop_synonym(pk: int) -> None:
    """Each is found by itself alone again."""
    Synonym.objects.filter(pk=pk).delete()
