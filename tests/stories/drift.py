"""Counters against the rows that they count."""

from sqlalchemy import text

from tests.tables import connected

#: What everybody may know of.
_STANDS = "{0}.was_visible AND {0}.state IN ('visible', 'deleted')"
#: Fills that lists of a board show.
_FILLS = f"""fill JOIN prompt ON prompt.id = fill.prompt_id
            WHERE fill.state = 'visible' AND {_STANDS.format("prompt")}"""
#: Works that lists show, each with whether it is adult.
_LISTED = f"""(
    SELECT thread_id, board_id, rating NOT IN ('general', 'teen') AS is_adult
    FROM prompt WHERE state = 'visible'
    UNION ALL SELECT fill.thread_id, fill.board_id, fill.rating NOT IN ('general', 'teen')
    FROM {_FILLS})"""


def _recounted(
    table: str, counter: str, rows: str, by: str, *, how: str = "count(*)", none: str = "0"
) -> str:
    """The rows of a table on which a counter differs from what is counted.

    All rows are counted in one go and then compared, since this is asked of databases that whole
    test runs have filled. ``rows`` end in a WHERE clause, ``by`` names the row that one counts for,
    and ``none`` is what there is where nothing counts.
    """
    return f"""
        SELECT {table}.id FROM {table} LEFT JOIN (
            SELECT {by} AS counted_for, {how} AS found FROM {rows} GROUP BY {by}
        ) AS recount ON recount.counted_for = {table}.id
        WHERE {table}.{counter} IS DISTINCT FROM coalesce(recount.found, {none})"""


_VISIBLE_FILLS = "fill WHERE fill.state = 'visible'"
_PARTS = "part WHERE true"
#: Comments that everybody may read, with what they are on.
_COMMENTS = f"""comment JOIN (
                SELECT thread_id, round_id FROM prompt WHERE {_STANDS.format("prompt")}
                UNION ALL SELECT fill.thread_id, fill.round_id
                FROM fill JOIN prompt ON prompt.id = fill.prompt_id
                WHERE {_STANDS.format("fill")} AND {_STANDS.format("prompt")}
            ) AS head ON head.thread_id = comment.thread_id
            WHERE comment.state = 'visible'"""
#: For each counter, the rows on which it has drifted.
_DRIFTED = {
    "works of a tag": f"""
        SELECT tag_count.tag_id FROM tag_count LEFT JOIN (
            SELECT tagging.tag_id, work.board_id,
                sum(CASE WHEN work.is_adult THEN 0 ELSE 1 END) AS found,
                sum(CASE WHEN work.is_adult THEN 1 ELSE 0 END) AS found_adult
            FROM tagging JOIN {_LISTED} AS work ON work.thread_id = tagging.thread_id
            WHERE tagging.tag_id IS NOT NULL GROUP BY tagging.tag_id, work.board_id
        ) AS recount
        ON recount.tag_id = tag_count.tag_id AND recount.board_id = tag_count.board_id
        WHERE tag_count.count IS DISTINCT FROM coalesce(recount.found, 0)
        OR tag_count.adult_count IS DISTINCT FROM coalesce(recount.found_adult, 0)""",
    "tags that are counted": f"""
        SELECT tag_id FROM tagging JOIN {_LISTED} AS work ON work.thread_id = tagging.thread_id
        WHERE tag_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM tag_count WHERE tag_count.tag_id = tagging.tag_id
            AND tag_count.board_id = work.board_id)""",
    "what is filed under a synonym": """
        SELECT thread_id FROM tagging JOIN tag_alias ON tag_alias.board_id = tagging.board_id
        AND tag_alias.alias_id = tagging.tag_id""",
    "prompts of a board": _recounted(
        "board", "prompts_count", "prompt WHERE state = 'visible'", "board_id"
    ),
    "fills of a board": _recounted("board", "fills_count", _FILLS, "fill.board_id"),
    "the last number of a board": _recounted(
        "board", "last_number", "prompt WHERE true", "board_id", how="max(number)"
    ),
    "prompts of a round": _recounted(
        "round", "prompts_count", "prompt WHERE state = 'visible'", "round_id"
    ),
    "fills of a round": _recounted("round", "fills_count", _FILLS, "fill.round_id"),
    "comments of a round": _recounted("round", "comments_count", _COMMENTS, "head.round_id"),
    "fills of a prompt": _recounted("prompt", "fills_count", _VISIBLE_FILLS, "prompt_id"),
    "unfinished fills of a prompt": _recounted(
        "prompt", "wip_fills_count", f"{_VISIBLE_FILLS} AND status = 'wip'", "prompt_id"
    ),
    "complete fills of a prompt": _recounted(
        "prompt", "complete_fills_count", f"{_VISIBLE_FILLS} AND status = 'complete'", "prompt_id"
    ),
    "seconds of a prompt": _recounted("prompt", "seconds_count", "second WHERE true", "prompt_id"),
    "until when a prompt is claimed": _recounted(
        "prompt",
        "claimed_until",
        "claim WHERE true",
        "prompt_id",
        how="max(expires_at)",
        none="NULL",
    ),
    "fills by a prompt's own author": _recounted(
        "prompt",
        "own_fills_count",
        """fill JOIN prompt AS above ON above.id = fill.prompt_id
            WHERE fill.state = 'visible'
            AND (fill.account_id = above.account_id
                OR fill.mask_id = above.mask_id AND fill.account_id IS NULL
                AND above.account_id IS NULL)""",
        "fill.prompt_id",
    ),
    "what threads know of their heads": f"""
        SELECT thread.id FROM thread JOIN (
            SELECT thread_id, {_STANDS.format("prompt")} AS stands FROM prompt
            UNION ALL SELECT thread_id, {_STANDS.format("fill")} FROM fill
            UNION ALL SELECT thread_id, {_STANDS.format("discussion")} FROM discussion
        ) AS head ON head.thread_id = thread.id
        WHERE thread.is_in_sight <> head.stands""",
    "when a prompt was last filled": _recounted(
        "prompt", "last_filled_at", _VISIBLE_FILLS, "prompt_id", how="max(filled_at)", none="NULL"
    ),
    "the status of a prompt": """
        SELECT public_id FROM prompt WHERE status <> CASE
            WHEN complete_fills_count > 0 THEN 'filled'
            WHEN wip_fills_count > 0 THEN 'in_progress'
            ELSE 'open' END""",
    "parts of a fill": _recounted("fill", "parts_count", _PARTS, "fill_id"),
    "words of a fill": _recounted("fill", "words_count", _PARTS, "fill_id", how="sum(words_count)"),
    "places of parts": _recounted("fill", "parts_count", _PARTS, "fill_id", how="max(number)"),
    "comments of a thread": _recounted(
        "thread", "comments_count", "comment WHERE state = 'visible'", "thread_id"
    ),
    "top-level comments of a thread": _recounted(
        "thread", "children_count", "comment WHERE depth = 0 AND path IS NOT NULL", "thread_id"
    ),
    # Where a comment was moved away, those below it have taken the newest numbers along.
    "the newest comment of a thread": _recounted(
        "thread", "latest_seq", "comment WHERE true", "thread_id", how="max(seq)"
    )
    + " AND thread.id NOT IN (SELECT thread_id FROM comment WHERE state = 'moved')",
    "numbers beyond the newest of a thread": """
        SELECT comment.id FROM comment JOIN thread ON thread.id = comment.thread_id
        WHERE comment.seq > thread.latest_seq""",
    "replies to a comment": _recounted(
        "comment", "replies_count", "comment WHERE is_shown", "parent_id"
    ),
}


def drifted_counters(url: str) -> dict[str, int]:
    """How many rows each counter is wrong on; empty when all are right."""
    with connected(url) as connection:
        found = {
            name: len(connection.execute(text(query)).all()) for name, query in _DRIFTED.items()
        }
    return {name: count for name, count in found.items() if count}
