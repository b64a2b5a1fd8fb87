"""Keep, rename, stop and forget searches. They are an organisation's own affair: no entry tells of them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.clock import database_now
from core.errors import Refused
from core.text import clean
from marketplace import saved
from marketplace.models import SavedSearch

MOST = 50
_LONGEST_QUERY = 500


class SearchUnknown(Refused):
    """No list of that name, or a query that its page calls wrong."""

    code = "E_SEARCH_UNKNOWN"
    message = _("这些筛选条件不能保存")
    fix = _("请在列表页重新筛选后再保存")


class SearchEmpty(Refused):
    """Without a filter everything would be found."""

    code = "E_SEARCH_EMPTY"
    message = _("还没有设置任何条件")
    fix = _("请至少选择一个条件或输入搜索词，再保存并订阅")


class SearchKnown(Refused):
    """The organisation keeps the same filters already, under the name in the facts."""

    code = "E_SEARCH_KNOWN"
    message = _("同样的条件已经保存为“%(name)s”")


class TooManySearches(Refused):
    """An organisation keeps so many at most."""

    code = "E_TOO_MANY_SEARCHES"
    message = _("最多保存 %(most)s 个搜索")
    fix = _("请先删除不再需要的")


class SearchUnnamed(Refused):
    """A name says something."""

    code = "E_SEARCH_UNNAMED"
    field = "name"
    message = _("请填写名称")


@transaction.atomic
def save_search(user: User, organisation: Organisation, page: str, query: str) -> SavedSearch:
    """Keep a list's filters and ask for news. Raises SearchUnknown, SearchEmpty, SearchKnown or TooManySearches."""
    # One at a time for an organisation: the bound holds whoever else saves.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    found = saved.list_of(page)
    spelling = saved.spelling(found, query) if found and len(query) <= _LONGEST_QUERY else None
    if found is None or spelling is None or len(spelling) > _LONGEST_QUERY:
        raise SearchUnknown()
    if not spelling:
        raise SearchEmpty()
    own = SavedSearch.objects.filter(organisation=organisation)
    if same := own.filter(list=page, query=spelling).first():
        raise SearchKnown(name=same.name)
    if own.count() >= MOST:
        raise TooManySearches(most=MOST)
    name = saved.name_for(found, spelling)
    return SavedSearch.objects.create(organisation=organisation, saved_by=user, list=page, query=spelling, name=name)


def rename_search(search: SavedSearch, name: str) -> None:
    """Give it another name; raises SearchUnnamed."""
    search.name = clean(name)[:80]
    if not search.name:
        raise SearchUnnamed()
    search.save(update_fields=["name"])


def stop_search(search: SavedSearch) -> None:
    """No more news of it; what it finds can still be looked at. Stopping twice stops once."""
    SavedSearch.objects.filter(pk=search.pk, stopped_at__isnull=True).update(stopped_at=database_now())


def resume_search(search: SavedSearch) -> None:
    """News of it again, of what comes from now on."""
    SavedSearch.objects.filter(pk=search.pk).update(stopped_at=None)


def forget_search(search: SavedSearch) -> None:
    """Keep it no longer."""
    search.delete()
