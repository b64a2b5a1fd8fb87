"""Chinese text search without a dictionary: pairs of characters in a plain `tsvector`, synonyms and pinyin initials on top.

What is stored, the database makes (`core/migrations/0004`): a table that can be searched has a column `search` that nobody
writes. What is asked, `terms` makes from what a person typed; `expressions` puts it to the database.
"""
