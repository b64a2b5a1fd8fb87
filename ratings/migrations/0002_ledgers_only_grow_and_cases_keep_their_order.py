"""What no program may do: edit a ledger, a document or a look, or let an exit case skip or take back a step."""

from django.db import migrations

_LEDGERS = ("ratings_act", "ratings_actevent", "ratings_rating", "ratings_ratingevent", "ratings_marketfigures")
_KEPT = (
    "ratings_creditpoint",
    "ratings_mark",
    "ratings_document",
    "ratings_look",
    "ratings_listimport",
    "ratings_listrow",
)

_APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER no_update_or_delete BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION ratings_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_is_append_only();
"""
    for table in (*_LEDGERS, *_KEPT)
)

FORWARD = f"""
CREATE FUNCTION ratings_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
{_APPEND_ONLY}
CREATE SEQUENCE ratings_exit_number;
CREATE SEQUENCE ratings_complaint_number;

CREATE FUNCTION ratings_case_moves_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.step <> 'opened' THEN
            RAISE EXCEPTION 'exit_case_begins_opened: % begins as %', NEW.number, NEW.step
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.agency_id <> OLD.agency_id OR NEW.number <> OLD.number OR NEW.facts::text <> OLD.facts::text
       OR NEW.opened_by_id IS DISTINCT FROM OLD.opened_by_id
       OR (OLD.noticed_by_id IS NOT NULL AND NEW.noticed_by_id IS DISTINCT FROM OLD.noticed_by_id)
       OR (OLD.published_at IS NOT NULL AND NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id) THEN
        RAISE EXCEPTION 'exit_case_keeps_its_facts: what case % is about, and who did what, does not change', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.step = OLD.step OR (OLD.step, NEW.step) IN (
        ('opened', 'noticed'), ('opened', 'closed'), ('opened', 'lapsed'),
        ('noticed', 'hearing'), ('noticed', 'deciding'), ('noticed', 'lapsed'),
        ('hearing', 'deciding'), ('hearing', 'lapsed'),
        ('deciding', 'proposed'), ('deciding', 'decided'), ('deciding', 'closed'), ('deciding', 'lapsed'),
        ('proposed', 'deciding'), ('proposed', 'decided'), ('proposed', 'lapsed'),
        ('decided', 'appealed'), ('decided', 'in_force'),
        ('appealed', 'decided'), ('appealed', 'in_force'), ('appealed', 'closed'), ('appealed', 'lapsed'),
        ('in_force', 'appealed'), ('in_force', 'ended')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'exit_case_moves_along_r8: % cannot go from % to %', OLD.number, OLD.step, NEW.step
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER case_moves_along BEFORE INSERT OR UPDATE ON ratings_exitcase
    FOR EACH ROW EXECUTE FUNCTION ratings_case_moves_along();
"""

BACKWARD = (
    "DROP SEQUENCE ratings_exit_number; DROP SEQUENCE ratings_complaint_number; DROP TRIGGER case_moves_along ON ratings_exitcase; DROP FUNCTION ratings_case_moves_along();"
    + "".join(
        f"DROP TRIGGER no_update_or_delete ON {table}; DROP TRIGGER no_truncate ON {table};"
        for table in (*_LEDGERS, *_KEPT)
    )
    + "DROP FUNCTION ratings_is_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
