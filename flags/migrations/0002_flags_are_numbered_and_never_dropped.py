"""Numbers for flags; and no program drops one, or changes what its rule saw first."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE flags_flag_number;
CREATE FUNCTION flags_flag_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'flags_are_never_dropped' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number <> OLD.number OR NEW.rule <> OLD.rule OR NEW.subject_key <> OLD.subject_key
       OR NEW.raised_at <> OLD.raised_at THEN
        RAISE EXCEPTION 'flag_keeps_its_subject: % ', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ('dismissed', 'confirmed', 'refuted') THEN
        RAISE EXCEPTION 'flag_judged_stays_judged: % ', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER flag_is_kept BEFORE UPDATE OR DELETE ON flags_flag
    FOR EACH ROW EXECUTE FUNCTION flags_flag_is_kept();
"""
BACKWARD = """
DROP TRIGGER flag_is_kept ON flags_flag;
DROP FUNCTION flags_flag_is_kept();
DROP SEQUENCE flags_flag_number;
"""


class Migration(migrations.Migration):
    dependencies = [("flags", "0001_flags_and_what_moved")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
