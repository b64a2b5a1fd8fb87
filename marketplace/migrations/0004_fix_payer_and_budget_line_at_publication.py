from django.db import migrations

FORWARD = """
CREATE FUNCTION marketplace_payer_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payer_fixed_at_publication: payer and budget line of % cannot be changed', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payer_fixed_at_publication BEFORE UPDATE ON marketplace_request FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (OLD.payer_id <> NEW.payer_id OR OLD.budget_line <> NEW.budget_line))
    EXECUTE FUNCTION marketplace_payer_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0003_refuse_an_item_without_a_time_limit")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION marketplace_payer_is_fixed CASCADE")]
