"""Exit cases bear their agency's name as it is now, and with it a column `search` (core.search). Two triggers keep it.

What looks for part of a name then reads cases alone: of a name in another table the planner expects that it is rare.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION ratings_exitcase_is_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.named := (
        SELECT o.name FROM agencies_agency a JOIN accounts_organisation o ON o.id = a.organisation_id
        WHERE a.id = NEW.agency_id
    );
    RETURN NEW;
END $$;
CREATE TRIGGER named_as_its_agency BEFORE INSERT OR UPDATE OF named ON ratings_exitcase
    FOR EACH ROW EXECUTE FUNCTION ratings_exitcase_is_named();
CREATE FUNCTION ratings_exitcase_is_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ratings_exitcase SET named = NEW.name WHERE agency_id IN (
        SELECT id FROM agencies_agency WHERE organisation_id = NEW.id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER exit_case_renamed AFTER UPDATE OF name ON accounts_organisation
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION ratings_exitcase_is_renamed();
UPDATE ratings_exitcase SET named = '';
ALTER TABLE ratings_exitcase
    ADD COLUMN search tsvector GENERATED ALWAYS AS (search_vector(named, 'A')) STORED;
CREATE INDEX exit_case_search ON ratings_exitcase USING gin (search) WHERE published_at IS NOT NULL;
"""

BACK = """
ALTER TABLE ratings_exitcase DROP COLUMN search;
DROP TRIGGER exit_case_renamed ON accounts_organisation;
DROP FUNCTION ratings_exitcase_is_renamed;
DROP TRIGGER named_as_its_agency ON ratings_exitcase;
DROP FUNCTION ratings_exitcase_is_named;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ratings", "0011_find_published_exit_cases"),
        ("core", "0004_search_chinese_text"),
    ]
    operations = [
        migrations.AddField("exitcase", "named", models.CharField(default="", editable=False, max_length=120)),
        migrations.RunSQL(FORWARD, BACK),
    ]
