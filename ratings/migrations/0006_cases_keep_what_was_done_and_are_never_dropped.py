"""What no program may do to an exit case: rewrite what it is about or who did what, shorten the time to answer, drop it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ratings_case_keeps_its_course() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'exit_case_is_never_dropped: %', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.trigger <> OLD.trigger OR NEW.source <> OLD.source OR NEW.proposed <> OLD.proposed
       OR NEW.ruleset <> OLD.ruleset OR NEW.case_id <> OLD.case_id
       OR (OLD.heard_by_id IS NOT NULL AND NEW.heard_by_id IS DISTINCT FROM OLD.heard_by_id)
       OR (OLD.published_at IS NOT NULL AND NEW.seconded_by_id IS DISTINCT FROM OLD.seconded_by_id)
       OR (OLD.published_at IS NOT NULL AND NEW.published_at IS NULL)
       OR (OLD.appeal_decided_by_id IS NOT NULL AND NEW.appeal_decided_by_id IS DISTINCT FROM OLD.appeal_decided_by_id)
       OR (OLD.dismissed_by_id IS NOT NULL AND NEW.dismissed_by_id IS DISTINCT FROM OLD.dismissed_by_id) THEN
        RAISE EXCEPTION 'exit_case_keeps_its_facts: what case % is about, and who did what, does not change', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.defence_until IS NOT NULL
       AND (NEW.defence_until IS NULL OR NEW.served_at IS NULL
            OR NEW.defence_until - NEW.served_at < OLD.defence_until - OLD.served_at) THEN
        RAISE EXCEPTION 'time_to_answer_never_shrinks: %', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_keeps_its_course BEFORE UPDATE OR DELETE ON ratings_exitcase
    FOR EACH ROW EXECUTE FUNCTION ratings_case_keeps_its_course();
"""

BACKWARD = """
DROP TRIGGER case_keeps_its_course ON ratings_exitcase;
DROP FUNCTION ratings_case_keeps_its_course();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0005_steps_leave_what_the_next_ones_need")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
