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
_CARRIED = f"""
    SELECT count(*) FROM tagging JOIN {_LISTED} AS work ON work.thread_id = tagging.thread_id
    WHERE tagging.tag_id = tag_count.tag_id AND work.board_id = tag_count.board_id
    AND {{0}} work.is_adult"""
#: For each counter, the rows on which it has drifted.
_DRIFTED = {
    "works of a tag": f"""
        SELECT tag_id FROM tag_count WHERE count <> ({_CARRIED.format("NOT")})
        OR adult_count <> ({_CARRIED.format("")})""",
    "tags that are counted": f"""
        SELECT tag_id FROM tagging JOIN {_LISTED} AS work ON work.thread_id = tagging.thread_id
        WHERE tag_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM tag_count WHERE tag_count.tag_id = tagging.tag_id
            AND tag_count.board_id = work.board_id)""",
    "what is filed under a synonym": """
        SELECT thread_id FROM tagging JOIN tag_alias ON tag_alias.board_id = tagging.board_id
        AND tag_alias.alias_id = tagging.tag_id""",
    "prompts of a board": """
        SELECT slug FROM board WHERE prompts_count <> (
            SELECT count(*) FROM prompt WHERE board_id = board.id AND state = 'visible')""",
    "fills of a board": f"""
        SELECT slug FROM board WHERE fills_count <> (
            SELECT count(*) FROM {_FILLS} AND fill.board_id = board.id)""",
    "the last number of a board": """
        SELECT slug FROM board WHERE last_number <> (
            SELECT coalesce(max(number), 0) FROM prompt WHERE board_id = board.id)""",
    "prompts of a round": """
        SELECT id FROM round WHERE prompts_count <> (
            SELECT count(*) FROM prompt WHERE round_id = round.id AND state = 'visible')""",
    "fills of a round": f"""
        SELECT id FROM round WHERE fills_count <> (
            SELECT count(*) FROM {_FILLS} AND fill.round_id = round.id)""",
    "comments of a round": f"""
        SELECT id FROM round WHERE comments_count <> (
            SELECT count(*) FROM comment JOIN (
                SELECT thread_id, round_id FROM prompt WHERE {_STANDS.format("prompt")}
                UNION ALL SELECT fill.thread_id, fill.round_id
                FROM fill JOIN prompt ON prompt.id = fill.prompt_id
                WHERE {_STANDS.format("fill")} AND {_STANDS.format("prompt")}
            ) AS head ON head.thread_id = comment.thread_id
            WHERE head.round_id = round.id AND comment.state = 'visible')""",
    "fills of a prompt": """
        SELECT public_id FROM prompt WHERE fills_count <> (
            SELECT count(*) FROM fill WHERE prompt_id = prompt.id AND state = 'visible')""",
    "unfinished fills of a prompt": """
        SELECT public_id FROM prompt WHERE wip_fills_count <> (
            SELECT count(*) FROM fill
            WHERE prompt_id = prompt.id AND state = 'visible' AND status = 'wip')""",
    "complete fills of a prompt": """
        SELECT public_id FROM prompt WHERE complete_fills_count <> (
            SELECT count(*) FROM fill
            WHERE prompt_id = prompt.id AND state = 'visible' AND status = 'complete')""",
    "seconds of a prompt": """
        SELECT public_id FROM prompt WHERE seconds_count <> (
            SELECT count(*) FROM second WHERE prompt_id = prompt.id)""",
    "until when a prompt is claimed": """
        SELECT public_id FROM prompt WHERE claimed_until IS DISTINCT FROM (
            SELECT max(expires_at) FROM claim WHERE prompt_id = prompt.id)""",
    "fills by a prompt's own author": """
        SELECT public_id FROM prompt WHERE own_fills_count <> (
            SELECT count(*) FROM fill WHERE prompt_id = prompt.id AND state = 'visible'
            AND fill.mask_id = prompt.mask_id AND fill.is_named = prompt.is_named)""",
    "what threads know of their heads": f"""
        SELECT thread.id FROM thread JOIN (
            SELECT thread_id, {_STANDS.format("prompt")} AS stands FROM prompt
            UNION ALL SELECT thread_id, {_STANDS.format("fill")} FROM fill
            UNION ALL SELECT thread_id, {_STANDS.format("discussion")} FROM discussion
        ) AS head ON head.thread_id = thread.id
        WHERE thread.is_in_sight <> head.stands""",
    "when a prompt was last filled": """
        SELECT public_id FROM prompt WHERE last_filled_at IS DISTINCT FROM (
            SELECT max(filled_at) FROM fill WHERE prompt_id = prompt.id AND state = 'visible')""",
    "the status of a prompt": """
        SELECT public_id FROM prompt WHERE status <> CASE
            WHEN complete_fills_count > 0 THEN 'filled'
            WHEN wip_fills_count > 0 THEN 'in_progress'
            ELSE 'open' END""",
    "parts of a fill": """
        SELECT public_id FROM fill WHERE parts_count <> (
            SELECT count(*) FROM part WHERE fill_id = fill.id)""",
    "words of a fill": """
        SELECT public_id FROM fill WHERE words_count <> (
            SELECT coalesce(sum(words_count), 0) FROM part WHERE fill_id = fill.id)""",
    "places of parts": """
        SELECT public_id FROM fill WHERE parts_count <> (
            SELECT coalesce(max(number), 0) FROM part WHERE fill_id = fill.id)""",
    "comments of a thread": """
        SELECT id FROM thread WHERE comments_count <> (
            SELECT count(*) FROM comment WHERE thread_id = thread.id AND state = 'visible')""",
    "top-level comments of a thread": """
        SELECT id FROM thread WHERE children_count <> (
            SELECT count(*) FROM comment
            WHERE thread_id = thread.id AND depth = 0 AND path IS NOT NULL)""",
    "the newest comment of a thread": """
        SELECT id FROM thread WHERE latest_seq <> (
            SELECT coalesce(max(seq), 0) FROM comment WHERE thread_id = thread.id)""",
    "replies to a comment": """
        SELECT public_id FROM comment AS above WHERE replies_count <> (
            SELECT count(*) FROM comment AS below
            WHERE below.parent_id = above.id AND below.is_shown)""",
}


def drifted_counters(url: str) -> dict[str, int]:
    """How many rows each counter is wrong on; empty when all are right."""
    with connected(url) as connection:
        found = {
            name: len(connection.execute(text(query)).all()) for name, query in _DRIFTED.items()
        }
    return {name: count for name, count in found.items() if count}
