from django.db import migrations, models

# R3: what was fixed stays fixed, and the rest changes only while enrolment is open by the database's own clock. Whether it is
# still open is judged to the millisecond under the case lock; what was judged in time may be written a moment later.
FORWARD = """
CREATE FUNCTION marketplace_request_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'request_fixed_at_publication: buyer, item, method, money, rules and forerunner of % cannot be changed',
        OLD.number USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER request_fixed_at_publication BEFORE UPDATE ON marketplace_request FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (
        OLD.number <> NEW.number OR OLD.buyer_id <> NEW.buyer_id OR OLD.buyer_kind <> NEW.buyer_kind
        OR OLD.item_id <> NEW.item_id OR OLD.method <> NEW.method OR OLD.public_funds <> NEW.public_funds
        OR OLD.ruleset <> NEW.ruleset OR OLD.forerunner_id IS DISTINCT FROM NEW.forerunner_id
    ))
    EXECUTE FUNCTION marketplace_request_is_fixed();

CREATE FUNCTION marketplace_request_changes_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'published' OR NEW.status <> 'published'
        OR clock_timestamp() >= OLD.enrol_until + interval '1 minute' THEN
        RAISE EXCEPTION 'request_changes_only_before_its_deadline: what % says cannot be changed any more', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.enrol_until < OLD.enrol_until THEN
        RAISE EXCEPTION 'request_change_never_brings_the_deadline_forward: %', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_changes_only_before_its_deadline BEFORE UPDATE ON marketplace_request FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (
        OLD.title <> NEW.title OR OLD.region_id <> NEW.region_id OR OLD.scope <> NEW.scope
        OR OLD.deliverables <> NEW.deliverables OR OLD.materials <> NEW.materials
        OR OLD.term_workdays <> NEW.term_workdays OR OLD.ceiling <> NEW.ceiling OR OLD.cited_law <> NEW.cited_law
    ))
    EXECUTE FUNCTION marketplace_request_changes_in_time();
"""
BACK = """
DROP FUNCTION marketplace_request_is_fixed CASCADE;
DROP FUNCTION marketplace_request_changes_in_time CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0007_merit_requests_weigh")]
    operations = [
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(fields=("forerunner",), name="one_successor_per_request"),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
