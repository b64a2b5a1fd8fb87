from django.db import migrations

# What a mail held is what was delivered by it.
_COPY = """
INSERT INTO accounts_delivery (notice_id, user_id, bot_id, daily, due_at, digest_id)
SELECT held.notice_id, digest.user_id, NULL, true, digest.at, digest.id
  FROM accounts_digest_notices held JOIN accounts_digest digest ON digest.id = held.digest_id
ON CONFLICT DO NOTHING;
UPDATE accounts_digest SET daily = true;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_channels_preferences_and_what_waits")]

    operations = [
        migrations.RunSQL(_COPY, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="digest", name="notices"),
    ]
