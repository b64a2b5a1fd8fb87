"""`pinyin_order` sorts Chinese as core.text.Pinyin does, and an index on it walks names in that order."""

from django.db import migrations

# Conversions of one's own could change what convert_to gives, so PostgreSQL calls it stable. There are none here.
FORWARD = """
CREATE FUNCTION pinyin_order(name text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN convert_to(name, 'GB18030');
END $$;
CREATE INDEX organisation_by_pinyin ON accounts_organisation (pinyin_order(name));
"""
BACK = "DROP INDEX organisation_by_pinyin; DROP FUNCTION pinyin_order(text);"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_mails_hold_deliveries")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
