"""The regions that the platform starts with; an operator may end or add codes later."""

import csv
from pathlib import Path

from django.db import migrations

SOURCE = Path(__file__).resolve().parent.parent / "data" / "regions.csv"


def load(apps, schema_editor):
    region = apps.get_model("core", "Region")
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        region.objects.bulk_create([region(**row) for row in csv.DictReader(lines)], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
