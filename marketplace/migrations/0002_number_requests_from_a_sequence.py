from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE marketplace_request_number",
            "DROP SEQUENCE marketplace_request_number",
        )
    ]
