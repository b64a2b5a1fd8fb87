from django.db import migrations

FORWARD = """
CREATE FUNCTION marketplace_request_weights_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'weights_fixed_at_publication: how % weighs price, quality and credit cannot be changed', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER weights_fixed_at_publication BEFORE UPDATE ON marketplace_request FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (
        OLD.weight_price IS DISTINCT FROM NEW.weight_price OR OLD.weight_quality IS DISTINCT FROM NEW.weight_quality
        OR OLD.weight_credit IS DISTINCT FROM NEW.weight_credit
    ))
    EXECUTE FUNCTION marketplace_request_weights_are_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0008_change_a_published_request_only_by_its_notice")]
    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION marketplace_request_weights_are_fixed CASCADE;"),
    ]
