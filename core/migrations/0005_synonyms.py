"""The words people search by, and what is written in their place; operators edit them (`/operate/synonyms/`)."""

from typing import Any

from django.db import migrations, models

from core.text import initials

_SEED = {
    "环评": ("环境影响评价", "环境影响报告"),
    "水保": ("水土保持",),
    "稳评": ("社会稳定风险评估",),
    "能评": ("节能报告", "节能评估"),
    "安评": ("安全评价", "安全评估"),
    "震评": ("地震安全性评价",),
    "地灾": ("地质灾害",),
    "压矿": ("压覆重要矿产", "压覆矿产"),
    "职评": ("职业病危害预评价", "职业病危害"),
    "洪评": ("洪水影响评价", "防洪评价"),
    "水资源论证": ("取水论证",),
    "可研": ("可行性研究",),
    "图审": ("施工图设计文件审查", "施工图审查"),
    "消检": ("消防设施检测", "消防检测"),
    "防雷": ("雷电灾害防御",),
    "勘界": ("勘测定界",),
    "气候论证": ("气候可行性论证",),
    "林评": ("使用林地可行性报告",),
    "航评": ("航道通航条件影响评价",),
    "决算审计": ("竣工财务决算",),
}


def seed(apps: Any, _schema: Any) -> None:
    made = apps.get_model("core", "Synonym")
    made.objects.bulk_create(
        made(short=short, long=long, short_initials=initials(short), long_initials=initials(long))
        for short, longs in _SEED.items()
        for long in longs
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0004_search_chinese_text")]
    operations = [
        migrations.CreateModel(
            name="Synonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("short", models.CharField(max_length=20, verbose_name="简称")),
                ("long", models.CharField(max_length=40, verbose_name="全称")),
                ("short_initials", models.CharField(max_length=20)),
                ("long_initials", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["short", "long"],
                "constraints": [
                    models.UniqueConstraint(fields=("short", "long"), name="synonym_once"),
                    models.CheckConstraint(
                        condition=models.Q(("short", models.F("long")), _negated=True),
                        name="synonym_says_something_else",
                    ),
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
