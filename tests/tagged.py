"""What is filed, read beside the service."""

from sqlalchemy import text

from tests.tables import connected

_FILED = {
    "tagging": "SELECT * FROM tagging ORDER BY thread_id, typed_id",
    "search_chunk": "SELECT * FROM search_chunk ORDER BY id",
    "search_terms": "SELECT rowid, * FROM search_terms ORDER BY rowid",
    "mediums": "SELECT id, mediums_bits FROM prompt ORDER BY id",
    # A tag that nothing is filed under any more may be counted as none, or not at all.
    "tag_count": "SELECT * FROM tag_count WHERE count + adult_count > 0 ORDER BY board_id, tag_id",
}
_RECOUNT = """
    SELECT tag_count.tag_id FROM tag_count LEFT JOIN (
        SELECT board_id, tag_id, count(*) AS found FROM tagging
        WHERE is_shown AND is_adult = {is_adult} GROUP BY board_id, tag_id
    ) AS recount
    ON recount.board_id = tag_count.board_id AND recount.tag_id = tag_count.tag_id
    WHERE tag_count.{column} <> coalesce(recount.found, 0)"""


def filed(url: str) -> dict[str, list[str]]:
    """All that says what works are filed by, table by table."""
    with connected(url) as connection:
        return {
            name: [str(row) for row in connection.execute(text(query))]
            for name, query in _FILED.items()
        }


def drifted_tags(url: str) -> int:
    """How many counts of tags are wrong."""
    questions = {"count": "false", "adult_count": "true"}
    with connected(url) as connection:
        return sum(
            len(connection.execute(text(_RECOUNT.format(column=column, is_adult=is_adult))).all())
            for column, is_adult in questions.items()
        )
