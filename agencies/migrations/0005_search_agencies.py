"""The column `search` of agencies: name, initials, and what they say of themselves. Two triggers keep it (core.search)."""

from django.db import migrations

FORWARD = """
ALTER TABLE agencies_agency ADD COLUMN search tsvector NOT NULL DEFAULT '';
CREATE FUNCTION agency_search(name text, pinyin text, intro text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN search_vector(name, 'A') || search_initials(pinyin) || search_vector(left(intro, 1000), 'C');
END $$;
CREATE FUNCTION agencies_agency_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := agency_search(
        (SELECT name FROM accounts_organisation WHERE id = NEW.organisation_id), NEW.pinyin, NEW.intro
    );
    RETURN NEW;
END $$;
CREATE TRIGGER found_by_what_it_says BEFORE INSERT OR UPDATE OF pinyin, intro, organisation_id, search ON agencies_agency
    FOR EACH ROW EXECUTE FUNCTION agencies_agency_is_found();
CREATE FUNCTION agencies_agency_is_found_by_its_new_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agencies_agency SET search = '' WHERE organisation_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER agency_found_by_its_new_name AFTER UPDATE OF name ON accounts_organisation
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION agencies_agency_is_found_by_its_new_name();
UPDATE agencies_agency SET search = '';
CREATE INDEX agency_search ON agencies_agency USING gin (search);
"""

BACK = """
DROP TRIGGER agency_found_by_its_new_name ON accounts_organisation;
DROP FUNCTION agencies_agency_is_found_by_its_new_name;
DROP TRIGGER found_by_what_it_says ON agencies_agency;
DROP FUNCTION agencies_agency_is_found;
DROP FUNCTION agency_search;
ALTER TABLE agencies_agency DROP COLUMN search;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_insiders"),
        ("core", "0004_search_chinese_text"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACK)]
