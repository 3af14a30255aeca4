"""The index: full-text search over prompts and fills.

A work is known here by its thread, which grows with age and which every work has one of. Its words
are filed in chunks: the head of the work with its body, or chunk by chunk its parts. One module
makes words into terms for everything (``kit/terms.py``), so that both databases find the same:
SQLite keeps them in an FTS5 table, PostgreSQL in vectors that are spelt out here, and neither of
them reads a text itself.

Whoever posts or edits a work files it in the same transaction, and whoever deletes it takes it out.
What is out of sight stays filed: whoever looks for words asks the work itself who may see it.
"""
