"""What the ledger can never be: edited, out of balance, overdrawn, or open under a completed contract."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION contracts_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER no_update_or_delete BEFORE UPDATE OR DELETE ON contracts_movement
    FOR EACH ROW EXECUTE FUNCTION contracts_ledger_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON contracts_movement
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_ledger_is_append_only();
CREATE TRIGGER no_update_or_delete BEFORE UPDATE OR DELETE ON contracts_posting
    FOR EACH ROW EXECUTE FUNCTION contracts_ledger_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON contracts_posting
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_ledger_is_append_only();

CREATE FUNCTION contracts_ledger_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found_in bigint;
BEGIN
    SELECT p.movement_id INTO found_in FROM contracts_posting p
    WHERE p.movement_id IN (SELECT movement_id FROM added)
    GROUP BY p.movement_id, p.account IN ('payer', 'payee', 'suspense') HAVING sum(p.amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger_unbalanced: the postings of movement % do not sum to zero', found_in
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    SELECT m.contract_id INTO found_in FROM contracts_posting p JOIN contracts_movement m ON m.id = p.movement_id
    WHERE p.account NOT IN ('agreed', 'payer') AND m.contract_id IN (
        SELECT m2.contract_id FROM added a JOIN contracts_movement m2 ON m2.id = a.movement_id)
    GROUP BY m.contract_id, p.account HAVING sum(p.amount) < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger_overdrawn: an account of contract % is below zero', found_in
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    SELECT m.payable_id INTO found_in FROM contracts_posting p JOIN contracts_movement m ON m.id = p.movement_id
    WHERE p.account IN ('due', 'pending', 'paid') AND m.payable_id IN (
        SELECT m2.payable_id FROM added a JOIN contracts_movement m2 ON m2.id = a.movement_id)
    GROUP BY m.payable_id, p.account HAVING sum(p.amount) < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger_overdrawn: more was taken from payable % than it holds', found_in
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    SELECT m.contract_id INTO found_in FROM contracts_posting p JOIN contracts_movement m ON m.id = p.movement_id
    WHERE p.account IN ('paid', 'payee') AND m.contract_id IN (
        SELECT m2.contract_id FROM added a JOIN contracts_movement m2 ON m2.id = a.movement_id)
    GROUP BY m.contract_id HAVING sum(CASE p.account WHEN 'paid' THEN p.amount ELSE -p.amount END) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger_unbalanced: contract % was paid what nobody received', found_in
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_is_whole AFTER INSERT ON contracts_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_ledger_is_whole();

CREATE FUNCTION contracts_completed_leaves_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE subject bigint := CASE TG_TABLE_NAME WHEN 'contracts_contract' THEN NEW.id
    ELSE (to_jsonb(NEW) ->> 'contract_id')::bigint END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contracts_contract WHERE id = subject AND status = 'completed') THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM contracts_posting p JOIN contracts_movement m ON m.id = p.movement_id
               WHERE m.contract_id = subject AND p.account IN ('undue', 'due', 'pending', 'suspense')
               GROUP BY p.account HAVING sum(p.amount) <> 0) THEN
        RAISE EXCEPTION 'completed_with_money_open: contract %', subject
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM contracts_milestone WHERE contract_id = subject AND status IN ('open', 'delivered')) THEN
        RAISE EXCEPTION 'completed_with_deliverables_open: contract %', subject
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER completed_leaves_nothing_open AFTER INSERT OR UPDATE ON contracts_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'completed')
    EXECUTE FUNCTION contracts_completed_leaves_nothing_open();
CREATE CONSTRAINT TRIGGER completed_leaves_nothing_open AFTER INSERT ON contracts_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contracts_completed_leaves_nothing_open();

CREATE FUNCTION contracts_payer_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payer_is_fixed: payer and budget line of contract % cannot be changed', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payer_is_fixed BEFORE UPDATE ON contracts_contract FOR EACH ROW
    WHEN (OLD.payer_id <> NEW.payer_id OR OLD.budget_line <> NEW.budget_line OR OLD.buyer_id <> NEW.buyer_id
          OR OLD.agency_id <> NEW.agency_id OR OLD.government <> NEW.government)
    EXECUTE FUNCTION contracts_payer_is_fixed();
"""

BACKWARD = """
DROP FUNCTION contracts_payer_is_fixed CASCADE;
DROP FUNCTION contracts_completed_leaves_nothing_open CASCADE;
DROP FUNCTION contracts_ledger_is_whole CASCADE;
DROP FUNCTION contracts_ledger_is_append_only CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
