"""The column `search` (core.search) of requests: title and number, marks of item and buyer, and what is to be done.

And of organisations: their names, so that a buyer's name finds its mark. Lists that readers see leave drafts out, and so do
their indexes.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE marketplace_request ADD COLUMN search tsvector GENERATED ALWAYS AS (
    search_vector(title, 'A')
    || search_vector(split_part(number, '-', 3), 'A')
    || ('''#' || lower(item_id) || ''':1B')::tsvector
    || ('''@' || buyer_id || ''':1C')::tsvector
    || search_vector(left(scope, 600), 'C')
    || search_vector(left(deliverables, 200), 'C')
) STORED;
CREATE INDEX request_search ON marketplace_request USING gin (search);
ALTER TABLE accounts_organisation ADD COLUMN search tsvector GENERATED ALWAYS AS (search_vector(name, 'A')) STORED;
CREATE INDEX buyer_search ON accounts_organisation USING gin (search) WHERE kind IN ('enterprise', 'department');
"""

BACK = """
ALTER TABLE accounts_organisation DROP COLUMN search;
ALTER TABLE marketplace_request DROP COLUMN search;
"""

_PUBLIC = models.Q(("status", "draft"), _negated=True)
_INDEXES = {
    "request_public": ["-published_at", "-id"],
    "request_public_by_item": ["item", "-published_at", "-id"],
    "request_public_by_region": ["region", "-published_at", "-id"],
    "request_public_by_status": ["status", "-published_at", "-id"],
    "request_public_by_ceiling": ["-ceiling", "-id"],
    "request_public_by_deadline": ["enrol_until", "id"],
}


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0009_fix_weights_at_publication"),
        ("accounts", "0003_mails_of_notices"),
        ("core", "0005_synonyms"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        *(
            migrations.AddIndex("request", models.Index(fields=fields, name=name, condition=_PUBLIC))
            for name, fields in _INDEXES.items()
        ),
    ]
