"""The column `search` (core.search) of exit cases: their agency's name. Two triggers keep it."""

from django.db import migrations

FORWARD = """
ALTER TABLE ratings_exitcase ADD COLUMN search tsvector NOT NULL DEFAULT '';
CREATE FUNCTION ratings_exitcase_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := (
        SELECT o.search FROM agencies_agency a JOIN accounts_organisation o ON o.id = a.organisation_id
        WHERE a.id = NEW.agency_id
    );
    RETURN NEW;
END $$;
CREATE TRIGGER found_by_its_agencys_name BEFORE INSERT OR UPDATE OF search ON ratings_exitcase
    FOR EACH ROW EXECUTE FUNCTION ratings_exitcase_is_found();
CREATE FUNCTION ratings_exitcase_is_found_by_a_new_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ratings_exitcase SET search = '' WHERE agency_id IN (
        SELECT id FROM agencies_agency WHERE organisation_id = NEW.id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER exit_case_found_by_a_new_name AFTER UPDATE OF name ON accounts_organisation
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION ratings_exitcase_is_found_by_a_new_name();
UPDATE ratings_exitcase SET search = '';
CREATE INDEX exit_case_search ON ratings_exitcase USING gin (search) WHERE published_at IS NOT NULL;
"""

BACK = """
DROP TRIGGER exit_case_found_by_a_new_name ON accounts_organisation;
DROP FUNCTION ratings_exitcase_is_found_by_a_new_name;
DROP TRIGGER found_by_its_agencys_name ON ratings_exitcase;
DROP FUNCTION ratings_exitcase_is_found;
ALTER TABLE ratings_exitcase DROP COLUMN search;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ratings", "0011_find_published_exit_cases"),
        ("marketplace", "0010_search_requests"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACK)]
