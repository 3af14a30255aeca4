"""A token works only for what it was made for: who may do what, to what, in which state.

Each row is an operation, each column a role (``tests/stories/roles.py``), each sign what the role
met with: ``.`` it may (whatever else is wrong with what was sent), ``1`` who are you (401), ``3``
not yours (403), ``4`` there is no such thing (404), ``9`` not as it stands (409), ``0`` it is gone
(410). An operation without a row fails, and so does a row without an operation.
"""

import pytest
from fastapi import FastAPI

from tests.events.following import brief_streams
from tests.moderation.keeping import act
from tests.people import Person, Town, path_of
from tests.stories.roles import ROLES, Cast, gather, stage

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: What is about things that stand in sight.
VISIBLE = {
    "list_prompt_comments": "..........",
    "comment_on_prompt": "...3......",
    "list_fill_comments": "..........",
    "comment_on_fill": "...3......",
    "list_discussion_comments": "..........",
    "comment_in_discussion": "...3......",
    "read_comment": "..........",
    "edit_comment": "133333333.",
    "delete_comment": "133333333.",
    "read_comment_thread": "..........",
    "list_prompts": "..........",
    "post_prompt": "...3......",
    "read_random_prompt": "..........",
    "read_numbered_prompt": "..........",
    "read_prompt": "..........",
    "edit_prompt": "133333333.",
    "delete_prompt": "133333333.",
    "list_fills": "..........",
    "post_fill": "...3......",
    "list_board_fills": "..........",
    "read_fill": "..........",
    "edit_fill": "133333333.",
    "delete_fill": "133333333.",
    "list_parts": "..........",
    "add_part": "133333333.",
    "read_part": "..........",
    "edit_part": "133333333.",
    "delete_part": "133333333.",
    "download_epub": "..........",
    "download_html": "..........",
    "download_md": "..........",
    "download_txt": "..........",
    "list_events": "..........",
    "stream_events": "..........",
    "feed_prompts": "..........",
    "feed_board_fills": "..........",
    "feed_parts": "..........",
    "feed_prompt_comments": "..........",
    "feed_fill_comments": "..........",
    "feed_discussion_comments": "..........",
    "read_private_feed": "..........",
    "search_works": "..........",
    "read_facets": "..........",
    "read_second": "..........",
    "second_prompt": "...3......",
    "take_back_second": "...3......",
    "list_claims": "..........",
    "claim_prompt": "...3......",
    "read_claim": "..........",
    "renew_claim": "133333333.",
    "withdraw_claim": "133333333.",
    "list_discussions": "..........",
    "begin_discussion": "...3......",
    "read_discussion": "..........",
    "change_discussion": "133333333.",
    "delete_discussion": "133333333.",
    "list_boards": "..........",
    "found_board": "13333333.3",
    "read_board": "..........",
    "change_board": "133333...3",
    "list_rounds": "..........",
    "add_round": "133333...3",
    "read_round": "..........",
    "change_round": "133333...3",
    "list_moderators": "..........",
    "appoint_moderator": "1333333..3",
    "dismiss_moderator": "1333333.43",
    "list_tags": "..........",
    "list_board_tags": "..........",
    "list_tag_aliases": "..........",
    "add_tag_alias": "133333...3",
    "remove_tag_alias": "133333.443",
    "list_tag_parents": "..........",
    "add_tag_parent": "133333...3",
    "remove_tag_parent": "133333.443",
    "mint_mask": "..........",
    "make_account": "..........",
    "begin_session": "1111111111",
    "end_session": "13.3.....3",
    "read_me": "1.........",
    "change_password": "13.3.....3",
    "list_tokens": "1.........",
    "make_token": "1..3......",
    "read_token": "144444444.",
    "revoke_token": "144344444.",
    "list_feed_tokens": "1.........",
    "make_feed_token": "1..3......",
    "read_feed_token": "144444444.",
    "revoke_feed_token": "144344444.",
    "list_api_keys": "13.3.....3",
    "make_api_key": "13.3.....3",
    "read_api_key": "13.3444443",
    "revoke_api_key": "13.3444443",
    "read_filters": "13.3.....3",
    "save_filters": "13.3.....3",
    "list_part_versions": "133333333.",
    "read_part_version": "133333333.",
    "delete_part_version": "133333333.",
    "act_as_moderator": "133333.993",
    "list_mod_log": "..........",
    "read_log_entry": "..........",
    "list_bans": "133333...3",
    "lift_ban": "133333.993",
    "list_reasons": "..........",
    "sign_prompt": "133333333.",
    "orphan_prompt": "133333333.",
    "sign_fill": "133333333.",
    "orphan_fill": "133333333.",
    "sign_discussion": "133333333.",
    "orphan_discussion": "133333333.",
    "sign_comment": "133333333.",
    "orphan_comment": "133333333.",
    "report_something": "...3......",
    "list_escalated_reports": "13333333.3",
    "read_report": "444444...4",
    "decide_report": "144344...4",
    "appeal_against_decision": "144344444.",
    "read_appeal": "144444....",
    "decide_appeal": "144344.994",
    "list_queue": "133333...3",
    "list_own_posts": "1.........",
    "delete_own_posts": "1..3......",
    "list_replies_to_you": "1.........",
    "export_own_posts": "1.........",
    "list_webhooks": "133.33...3",
    "make_webhook": "133.33...3",
    "read_webhook": "133433...3",
    "change_webhook": "133433...3",
    "delete_webhook": "133433.443",
    "list_deliveries": "133433...3",
    "read_delivery": "133433...3",
    "ping_webhook": "133433...3",
    "replay_deliveries": "133433...3",
    "list_secrets": "133433...3",
    "rotate_secret": "133433...3",
}
#: What is about things that a moderator has hidden, each of them.
HIDDEN = {
    "list_prompt_comments": "4444444444",
    "comment_on_prompt": "4444444444",
    "list_fill_comments": "4444444444",
    "comment_on_fill": "4444444444",
    "list_discussion_comments": "4444444444",
    "comment_in_discussion": "4444444444",
    "read_comment": "444444...4",
    "edit_comment": "1443443334",
    "delete_comment": "1443443334",
    "read_comment_thread": "4444444444",
    "read_prompt": "444444....",
    "edit_prompt": "144344333.",
    "delete_prompt": "144344333.",
    "list_fills": "4444444444",
    "post_fill": "4444444444",
    "read_fill": "444444...4",
    "edit_fill": "1443443334",
    "delete_fill": "1443443334",
    "list_parts": "444444...4",
    "add_part": "1443443334",
    "read_part": "444444...4",
    "edit_part": "1443443334",
    "delete_part": "1443443334",
    "download_epub": "444444...4",
    "download_html": "444444...4",
    "download_md": "444444...4",
    "download_txt": "444444...4",
    "feed_parts": "4444444444",
    "feed_prompt_comments": "4444444444",
    "feed_fill_comments": "4444444444",
    "feed_discussion_comments": "4444444444",
    "read_second": "4444444444",
    "second_prompt": "4444444444",
    "take_back_second": "4444444444",
    "list_claims": "444444....",
    "claim_prompt": "4443444444",
    "read_claim": "4444444444",
    "renew_claim": "1443444444",
    "withdraw_claim": "1443444444",
    "read_discussion": "444444....",
    "change_discussion": "144344333.",
    "delete_discussion": "144344333.",
    "list_part_versions": "1444443334",
    "read_part_version": "1444443334",
    "delete_part_version": "1443443334",
    "sign_prompt": "144344444.",
    "orphan_prompt": "144344444.",
    "sign_fill": "144344444.",
    "orphan_fill": "144344444.",
    "sign_discussion": "144344444.",
    "orphan_discussion": "144344444.",
    "sign_comment": "1443444444",
    "orphan_comment": "1443444444",
}
#: What is about things that the law wants withheld.
HELD = {
    "list_prompt_comments": "4444444444",
    "comment_on_prompt": "4444444444",
    "list_fill_comments": "4444444444",
    "comment_on_fill": "4444444444",
    "list_discussion_comments": "4444444444",
    "comment_in_discussion": "4444444444",
    "read_comment": "44444444.4",
    "edit_comment": "1443444434",
    "delete_comment": "1443444434",
    "read_comment_thread": "4444444444",
    "read_prompt": "44444444.4",
    "edit_prompt": "1443444434",
    "delete_prompt": "1443444434",
    "list_fills": "4444444444",
    "post_fill": "4444444444",
    "read_fill": "44444444.4",
    "edit_fill": "1443444434",
    "delete_fill": "1443444434",
    "list_parts": "44444444.4",
    "add_part": "1443444434",
    "read_part": "44444444.4",
    "edit_part": "1443444434",
    "delete_part": "1443444434",
    "download_epub": "44444444.4",
    "download_html": "44444444.4",
    "download_md": "44444444.4",
    "download_txt": "44444444.4",
    "feed_parts": "4444444444",
    "feed_prompt_comments": "4444444444",
    "feed_fill_comments": "4444444444",
    "feed_discussion_comments": "4444444444",
    "read_second": "4444444444",
    "second_prompt": "4444444444",
    "take_back_second": "4444444444",
    "list_claims": "44444444.4",
    "claim_prompt": "4443444444",
    "read_claim": "4444444444",
    "renew_claim": "1443444444",
    "withdraw_claim": "1443444444",
    "read_discussion": "44444444.4",
    "change_discussion": "1443444434",
    "delete_discussion": "1443444434",
    "list_part_versions": "1444444434",
    "read_part_version": "1444444434",
    "delete_part_version": "1443444434",
    "sign_prompt": "1443444444",
    "orphan_prompt": "1443444444",
    "sign_fill": "1443444444",
    "orphan_fill": "1443444444",
    "sign_discussion": "1443444444",
    "orphan_discussion": "1443444444",
    "sign_comment": "1443444444",
    "orphan_comment": "1443444444",
}
#: What waits for a moderator is for everybody what a moderator has hidden.
SCREENED = HIDDEN
#: What is frozen is read and corrected as before, and nothing is added to it.
FROZEN = {name: VISIBLE[name] for name in HIDDEN} | {
    "comment_on_prompt": "9999999999",
    "comment_on_fill": "9999999999",
    "comment_in_discussion": "9999999999",
    "post_fill": "9999999999",
    "add_part": "1333333339",
    "claim_prompt": "9993999999",
    "renew_claim": "1333333339",
}
#: What is about things that their author has deleted. What others said there stays to be read.
DELETED = {
    "list_prompt_comments": "..........",
    "comment_on_prompt": "0000000000",
    "list_fill_comments": "..........",
    "comment_on_fill": "0000000000",
    "list_discussion_comments": "..........",
    "comment_in_discussion": "0000000000",
    "read_comment": "0000000000",
    "edit_comment": "1003000000",
    "delete_comment": "1003000000",
    "read_comment_thread": "0000000000",
    "read_prompt": "0000000000",
    "edit_prompt": "1003000000",
    "delete_prompt": "1003000000",
    "list_fills": "..........",
    "post_fill": "0000000000",
    "read_fill": "0000000000",
    "edit_fill": "1003000000",
    "delete_fill": "1003000000",
    "list_parts": "0000000000",
    "add_part": "1003000000",
    "read_part": "0000000000",
    "edit_part": "1003000000",
    "delete_part": "1003000000",
    "download_epub": "0000000000",
    "download_html": "0000000000",
    "download_md": "0000000000",
    "download_txt": "0000000000",
    "feed_parts": "0000000000",
    "feed_prompt_comments": "..........",
    "feed_fill_comments": "..........",
    "feed_discussion_comments": "..........",
    "read_second": "0000000000",
    "second_prompt": "0000000000",
    "take_back_second": "0000000000",
    "list_claims": "0000000000",
    "claim_prompt": "0003000000",
    "read_claim": "0000000000",
    "renew_claim": "1333333330",
    "withdraw_claim": "133333333.",
    "read_discussion": "0000000000",
    "change_discussion": "1003000000",
    "delete_discussion": "1003000000",
    "list_part_versions": "1000000000",
    "read_part_version": "1000000000",
    "delete_part_version": "1003000000",
    "sign_prompt": "1333333330",
    "orphan_prompt": "1333333330",
    "sign_fill": "1333333330",
    "orphan_fill": "1333333330",
    "sign_discussion": "1333333330",
    "orphan_discussion": "1333333330",
    "sign_comment": "1443444440",
    "orphan_comment": "1443444440",
}
#: Whoever does one of these is somebody else afterwards.
_CHANGES_ROLES = {
    *("end_session", "revoke_token", "delete_own_posts", "change_password"),
    *("make_token", "revoke_api_key"),
}
#: What is told of the entry that was appealed against.
_OF_APPEALS = {"read_appeal", "decide_appeal"}
_THINGS = ("prompt", "fill", "comment", "discussion", "claim")
#: In which states things are brought, by which action of a moderator, and what goes then.
STATES: dict[str, tuple[str | None, dict[str, str]]] = {
    "visible": (None, VISIBLE),
    "screened": ("screen", SCREENED),
    "frozen": ("freeze", FROZEN),
    "hidden": ("hide", HIDDEN),
    "held": ("hold", HELD),
    "deleted": (None, DELETED),
}


def concerns_a_thing(template: str) -> bool:
    return any(f"{{{name}}}" in template for name in _THINGS)


async def set_up(town: Town, service: FastAPI, people: dict[str, Person], state: str) -> Cast:
    cast = await stage(town, service, people)
    action, _ = STATES[state]
    for thing in ("comment", "fill", "prompt", "discussion"):
        if action is not None:
            await act(town, action, cast.things[thing])
        elif state == "deleted":
            await people["author"].take_away(path_of(cast.things[thing]))
    return cast


@pytest.mark.timeout(300)
@pytest.mark.parametrize("state", STATES)
async def test_everybody_may_do_what_the_matrix_says(
    town: Town, service: FastAPI, state: str
) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    people = await gather(town, service)
    shared = await set_up(town, service, people, state)
    met: dict[str, str] = {}
    for template, operations in service.openapi()["paths"].items():
        if state != "visible" and not concerns_a_thing(template):
            continue
        for method, operation in operations.items():
            name, cast = operation["operationId"], shared
            if method != "get":
                own = await gather(town, service) if name in _CHANGES_ROLES else people
                cast = await set_up(town, service, own, state)
            entry = cast.ids["entry"]
            cast.ids["entry"] = cast.ids["appealed"] if name in _OF_APPEALS else entry
            with brief_streams(service):
                signs = [await cast.ask(name, method.upper(), template, role) for role in ROLES]
            met[name], cast.ids["entry"] = "".join(signs), entry
    assert met == STATES[state][1]
