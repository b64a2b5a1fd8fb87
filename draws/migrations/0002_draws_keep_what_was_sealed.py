"""What no program may do: change a contribution or a seal, take one after the close, or draw twice (R4)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION draws_contribution_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of draws_draw;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'contribution_stands: none is ever left out' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO of FROM draws_draw WHERE id = NEW.draw_id;
    IF TG_OP = 'INSERT' AND (of.sealed_at IS NOT NULL OR NEW.at >= of.closes_at) THEN
        RAISE EXCEPTION 'contribution_before_the_close: % is closed', of.name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.draw_id <> OLD.draw_id OR NEW.identity <> OLD.identity OR NEW.commitment <> OLD.commitment
           OR NEW.envelope <> OLD.envelope OR OLD.opened_at IS NOT NULL THEN
            RAISE EXCEPTION 'contribution_stands: what % contributed does not change', OLD.identity
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.opened_at IS NOT NULL AND of.sealed_at IS NULL THEN
            RAISE EXCEPTION 'contribution_opened_after_the_seal: % is not sealed', of.name
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_stands BEFORE INSERT OR UPDATE OR DELETE ON draws_contribution
    FOR EACH ROW EXECUTE FUNCTION draws_contribution_stands();

CREATE FUNCTION draws_draw_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name <> OLD.name OR NEW.case_id <> OLD.case_id OR NEW.trustees <> OLD.trustees
       OR NEW.compulsory <> OLD.compulsory OR NEW.closes_at < OLD.closes_at
       OR (OLD.sealed_at IS NOT NULL AND (
           NEW.closes_at <> OLD.closes_at OR NEW.sealed_at IS DISTINCT FROM OLD.sealed_at
           OR NEW.sealed IS DISTINCT FROM OLD.sealed OR NEW.seal <> OLD.seal))
       OR (OLD.drawn_at IS NOT NULL AND (
           NEW.drawn_at IS DISTINCT FROM OLD.drawn_at OR NEW.result IS DISTINCT FROM OLD.result)) THEN
        RAISE EXCEPTION 'draw_is_never_run_again: what stands of % does not change', OLD.name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.drawn_at IS NOT NULL AND OLD.drawn_at IS NULL AND EXISTS (
        SELECT 1 FROM draws_contribution WHERE draw_id = NEW.id AND opened_at IS NULL
    ) THEN
        RAISE EXCEPTION 'draw_leaves_nothing_out: a contribution to % is shut', OLD.name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_stands BEFORE UPDATE ON draws_draw FOR EACH ROW EXECUTE FUNCTION draws_draw_stands();

CREATE FUNCTION draws_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER no_update_or_delete BEFORE UPDATE OR DELETE ON draws_share
    FOR EACH ROW EXECUTE FUNCTION draws_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON draws_share
    FOR EACH STATEMENT EXECUTE FUNCTION draws_is_append_only();
"""

BACKWARD = """
DROP TRIGGER no_truncate ON draws_share; DROP TRIGGER no_update_or_delete ON draws_share; DROP FUNCTION draws_is_append_only();
DROP TRIGGER draw_stands ON draws_draw; DROP FUNCTION draws_draw_stands();
DROP TRIGGER contribution_stands ON draws_contribution; DROP FUNCTION draws_contribution_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
