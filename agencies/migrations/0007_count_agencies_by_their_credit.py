"""How many agencies have which credit, kept by triggers, so that the median is found without reading them all.

Several rows may count the same credit: whoever changes one takes any that nobody else holds and never waits; the sum counts.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION agencies_count_credit(which numeric, more bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    free bigint;
BEGIN
    SELECT id INTO free FROM agencies_creditcount WHERE credit = which LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF free IS NULL THEN
        INSERT INTO agencies_creditcount (credit, count) VALUES (which, more);
    ELSE
        UPDATE agencies_creditcount SET count = count + more WHERE id = free;
    END IF;
END $$;
CREATE FUNCTION agencies_credit_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM agencies_count_credit(credit, count(*)) FROM new_rows WHERE credit IS NOT NULL GROUP BY credit;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM agencies_count_credit(credit, -count(*)) FROM old_rows WHERE credit IS NOT NULL GROUP BY credit;
    ELSE
        PERFORM agencies_count_credit(credit, sum(one)) FROM (
            SELECT credit, 1 AS one FROM new_rows UNION ALL SELECT credit, -1 FROM old_rows
        ) AS changed WHERE credit IS NOT NULL GROUP BY credit HAVING sum(one) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_counted_in AFTER INSERT ON agencies_agency REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION agencies_credit_is_counted();
CREATE TRIGGER credit_counted_anew AFTER UPDATE ON agencies_agency
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION agencies_credit_is_counted();
CREATE TRIGGER credit_counted_out AFTER DELETE ON agencies_agency REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION agencies_credit_is_counted();
INSERT INTO agencies_creditcount (credit, count)
    SELECT credit, count(*) FROM agencies_agency WHERE credit IS NOT NULL GROUP BY credit;
"""

BACK = """
DROP TRIGGER credit_counted_out ON agencies_agency;
DROP TRIGGER credit_counted_anew ON agencies_agency;
DROP TRIGGER credit_counted_in ON agencies_agency;
DROP FUNCTION agencies_credit_is_counted;
DROP FUNCTION agencies_count_credit;
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0006_what_the_register_says_of_certificates")]
    operations = [
        migrations.CreateModel(
            name="CreditCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credit", models.DecimalField(db_index=True, decimal_places=1, max_digits=4)),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="agency",
            index=models.Index(fields=["-credit", "-registered_at", "id"], name="agency_by_credit"),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
