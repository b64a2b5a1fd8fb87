from django.db import migrations

FORWARD = """
CREATE FUNCTION bidding_sealedoffer_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'offer_stands: none is ever dropped' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    closed := EXISTS (SELECT 1 FROM bidding_priceopening WHERE request_id = NEW.request_id);
    IF TG_OP = 'INSERT' THEN
        IF closed THEN
            RAISE EXCEPTION 'offer_before_the_deadline: the offers of request % are closed', NEW.request_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.request_id <> OLD.request_id OR NEW.enrolment_id <> OLD.enrolment_id OR NEW.at <> OLD.at
       OR NEW.commitment <> OLD.commitment OR NEW.ciphertext <> OLD.ciphertext OR NEW.envelope <> OLD.envelope
       OR (NEW.ended_at IS DISTINCT FROM OLD.ended_at AND (OLD.ended_at IS NOT NULL OR closed))
       OR (NEW.opened_at IS NOT NULL AND NOT closed)
       OR (OLD.opened_at IS NOT NULL AND (
           NEW.opened_at IS DISTINCT FROM OLD.opened_at OR NEW.k IS DISTINCT FROM OLD.k
           OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.void <> OLD.void OR NEW.opened_by <> OLD.opened_by)) THEN
        RAISE EXCEPTION 'offer_stands: what stands of offer % does not change', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_stands BEFORE INSERT OR UPDATE OR DELETE ON bidding_sealedoffer
    FOR EACH ROW EXECUTE FUNCTION bidding_sealedoffer_stands();

CREATE FUNCTION bidding_priceopening_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.request_id <> OLD.request_id OR NEW.trustees <> OLD.trustees OR NEW.root <> OLD.root
       OR NEW.closed_at <> OLD.closed_at
       OR (OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at) THEN
        RAISE EXCEPTION 'prices_are_closed_and_opened_once: %', OLD.request_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prices_are_closed_and_opened_once BEFORE UPDATE OR DELETE ON bidding_priceopening
    FOR EACH ROW EXECUTE FUNCTION bidding_priceopening_stands();

CREATE FUNCTION bidding_offershare_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM bidding_sealedoffer o JOIN bidding_priceopening p ON p.request_id = o.request_id
                       WHERE o.id = NEW.offer_id AND o.ended_at IS NULL AND p.opened_at IS NULL) THEN
            RAISE EXCEPTION 'share_between_close_and_opening: offer %', NEW.offer_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'bidding_offershare is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER share_between_close_and_opening BEFORE INSERT OR UPDATE OR DELETE ON bidding_offershare
    FOR EACH ROW EXECUTE FUNCTION bidding_offershare_stands();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON bidding_offershare
    FOR EACH STATEMENT EXECUTE FUNCTION bidding_offershare_stands();
"""

BACKWARD = """
DROP TRIGGER no_truncate ON bidding_offershare; DROP TRIGGER share_between_close_and_opening ON bidding_offershare;
DROP FUNCTION bidding_offershare_stands();
DROP TRIGGER prices_are_closed_and_opened_once ON bidding_priceopening; DROP FUNCTION bidding_priceopening_stands();
DROP TRIGGER offer_stands ON bidding_sealedoffer; DROP FUNCTION bidding_sealedoffer_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("bidding", "0006_sealed_prices")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
