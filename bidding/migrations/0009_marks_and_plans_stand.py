from django.db import migrations

FORWARD = """
CREATE FUNCTION bidding_plan_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'plan_stands: none is ever dropped' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    closed := EXISTS (SELECT 1 FROM bidding_priceopening WHERE request_id = NEW.request_id);
    IF TG_OP = 'INSERT' THEN
        IF closed THEN
            RAISE EXCEPTION 'plan_before_the_deadline: the plans of request % are closed', NEW.request_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.request_id <> OLD.request_id OR NEW.enrolment_id <> OLD.enrolment_id OR NEW.file_id <> OLD.file_id
       OR NEW.at <> OLD.at
       OR (NEW.ended_at IS DISTINCT FROM OLD.ended_at AND (OLD.ended_at IS NOT NULL OR closed)) THEN
        RAISE EXCEPTION 'plan_stands: what stands of plan % does not change', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_stands BEFORE INSERT OR UPDATE OR DELETE ON bidding_plan
    FOR EACH ROW EXECUTE FUNCTION bidding_plan_stands();

CREATE FUNCTION bidding_seat_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.request_id <> OLD.request_id OR NEW.expert_id <> OLD.expert_id OR NEW.place <> OLD.place
       OR OLD.ended_at IS NOT NULL
       OR (OLD.given_at IS NOT NULL AND (
           NEW.given_at IS DISTINCT FROM OLD.given_at OR NEW.marks IS DISTINCT FROM OLD.marks
           OR NEW.salt IS DISTINCT FROM OLD.salt OR NEW.commitment <> OLD.commitment)) THEN
        RAISE EXCEPTION 'marks_stand: what stands of seat % does not change', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marks_stand BEFORE UPDATE OR DELETE ON bidding_seat
    FOR EACH ROW EXECUTE FUNCTION bidding_seat_stands();

CREATE FUNCTION bidding_prices_wait_their_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM bidding_selection WHERE request_id = NEW.request_id AND stage <> 'opening') THEN
        RAISE EXCEPTION 'prices_wait_for_their_stage: request %', NEW.request_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prices_wait_for_their_stage BEFORE UPDATE OF opened_at ON bidding_priceopening
    FOR EACH ROW WHEN (NEW.opened_at IS NOT NULL AND OLD.opened_at IS NULL)
    EXECUTE FUNCTION bidding_prices_wait_their_turn();

CREATE FUNCTION bidding_shares_wait_their_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM bidding_selection s JOIN bidding_sealedoffer o ON o.request_id = s.request_id
               WHERE o.id = NEW.offer_id AND s.stage <> 'opening') THEN
        RAISE EXCEPTION 'shares_wait_for_their_stage: offer %', NEW.offer_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shares_wait_for_their_stage BEFORE INSERT ON bidding_offershare
    FOR EACH ROW EXECUTE FUNCTION bidding_shares_wait_their_turn();
"""

BACKWARD = """
DROP TRIGGER shares_wait_for_their_stage ON bidding_offershare; DROP FUNCTION bidding_shares_wait_their_turn();
DROP TRIGGER prices_wait_for_their_stage ON bidding_priceopening; DROP FUNCTION bidding_prices_wait_their_turn();
DROP TRIGGER marks_stand ON bidding_seat; DROP FUNCTION bidding_seat_stands();
DROP TRIGGER plan_stands ON bidding_plan; DROP FUNCTION bidding_plan_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("bidding", "0008_experts_and_plans")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
