from django.db import migrations

# The owner of the tables puts entries into the queue, whoever appends them; nobody else can.
QUEUE = """
CREATE FUNCTION journal_queue_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO public.journal_unsealed SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_entries AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION journal_queue_entries();

INSERT INTO journal_unsealed SELECT id FROM journal_entry ORDER BY id;

CREATE FUNCTION journal_only_sealed_entries_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone LEFT JOIN journal_leaf ON journal_leaf.entry_id = gone.entry_id WHERE journal_leaf.entry_id IS NULL
    ) THEN
        RAISE EXCEPTION 'only_sealed_entries_leave_the_queue' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER only_sealed_entries_leave AFTER DELETE ON journal_unsealed REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION journal_only_sealed_entries_leave();
"""

UNQUEUE = """
DROP TRIGGER only_sealed_entries_leave ON journal_unsealed;
DROP FUNCTION journal_only_sealed_entries_leave();
DROP TRIGGER queue_entries ON journal_entry;
DROP FUNCTION journal_queue_entries();
"""

LEAVES = """
CREATE FUNCTION journal_leaves_are_their_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added LEFT JOIN journal_entry ON journal_entry.id = added.entry_id
        WHERE substring(added.hashes FROM 1 FOR 32) IS DISTINCT FROM sha256('\\x00'::bytea || journal_entry.hash)
    ) THEN
        RAISE EXCEPTION 'leaf_is_the_hash_of_its_entry' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT min(index) AS first, max(index) - min(index) + 1 AS span, count(*) AS many FROM added) AS stretch
        WHERE stretch.span <> stretch.many
           OR stretch.first > 0 AND NOT EXISTS (SELECT FROM journal_leaf WHERE journal_leaf.index = stretch.first - 1)
    ) THEN
        RAISE EXCEPTION 'leaves_leave_no_gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER leaves_are_their_entries AFTER INSERT ON journal_leaf REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION journal_leaves_are_their_entries();
"""

NO_LEAVES = """
DROP TRIGGER leaves_are_their_entries ON journal_leaf;
DROP FUNCTION journal_leaves_are_their_entries();
"""

FORBID = """
CREATE FUNCTION journal_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER no_update_or_delete BEFORE UPDATE OR DELETE ON journal_leaf
    FOR EACH ROW EXECUTE FUNCTION journal_log_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON journal_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION journal_log_is_append_only();
CREATE TRIGGER no_update_or_delete BEFORE UPDATE OR DELETE ON journal_checkpoint
    FOR EACH ROW EXECUTE FUNCTION journal_log_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON journal_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION journal_log_is_append_only();
CREATE TRIGGER no_update BEFORE UPDATE ON journal_unsealed
    FOR EACH ROW EXECUTE FUNCTION journal_log_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON journal_unsealed
    FOR EACH STATEMENT EXECUTE FUNCTION journal_log_is_append_only();
"""

ALLOW = """
DROP FUNCTION journal_log_is_append_only() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_seal_the_journal")]
    operations = [
        migrations.RunSQL(QUEUE, UNQUEUE),
        migrations.RunSQL(LEAVES, NO_LEAVES),
        migrations.RunSQL(FORBID, ALLOW),
    ]
