"""Each page of the catalogue as it is delivered (UX §4 no. 12): four blocks with their basis, or the banner and no offer."""

import re

import pytest

from marketplace.actions import load_catalogue
from marketplace.models import ItemStatus, ServiceItem

pytestmark = [pytest.mark.django_db, pytest.mark.page, pytest.mark.clause("P18.3", "P18.1")]

_TAGS = re.compile(r"<[^>]+>")
_BLOCK = re.compile(r'data-testid="block">\s*<h2[^>]*>(.*?)</h2>(.*?)</section>', re.DOTALL)


def test_every_retained_item_states_its_four_blocks_and_a_cancelled_one_that_nobody_may_demand_it(client):
    load_catalogue()
    last = ServiceItem.objects.order_by("code").last()
    assert last is not None
    ServiceItem.objects.filter(pk=last.pk).update(status=ItemStatus.CANCELLED, cancelled_by_zh="国务院决定")
    retained = ServiceItem.objects.filter(status=ItemStatus.PUBLISHED)
    cancelled = ServiceItem.objects.filter(status=ItemStatus.CANCELLED)
    assert retained.count() >= 24
    assert cancelled.exists()
    for item in retained:
        page = client.get(f"/items/{item.code}/").content.decode()
        blocks = {head.strip(): _TAGS.sub("", body).strip() for head, body in _BLOCK.findall(page)}
        assert list(blocks) == ["办理时限", "工作流程", "申报条件", "收费标准"], item.code
        assert all(blocks.values()), item.code
        assert 'href="/policy/#P18.1"' in page, item.code
        assert "其他相关材料" not in page, item.code
    for item in cancelled:
        page = client.get(f"/items/{item.code}/").content.decode()
        assert 'data-testid="cancelled"' in page, item.code
        assert "/desk/requests/new/" not in page, item.code
