"""Texts as people write them, and as they should not."""

from hypothesis import strategies as st

from app.kit.text import objection

#: Pieces that become markup, or try to be more.
_PIECES = (
    *("*", "**", "_", "`", "~~", "#", ">", "- ", "1. ", "\n", "\n\n", "    ", "\t", "\r\n", "\\"),
    *("[", "](", ")", "![", "<", ">", "&", '"', "'", "&lt;", "&#106;", "&colon;", "&Tab;", "%0A"),
    *("javascript:alert(1)", "java%0Ascript:", "JaVaScRiPt:", "data:text/html,", "vbscript:"),
    *("https://example.org/", "http://", "mailto:a@example.org", "//example.org", "file:///etc"),
    *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=", "<!--", "-->"),
    *("<![CDATA[", "<?php", "style=", " onclick=", "<a href=", "<iframe", "</p>", "<style>"),
    *("“Come in,”", " said she…", " — ", "é", "e\u0301", "\u202e", "\u200d", "猫", "🦦", " word "),
)
_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r")

#: Any text that a board takes.
acceptable_texts = st.one_of(
    st.text(_CHARACTERS, min_size=1, max_size=400),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=40).map("".join),
).filter(lambda text: objection(text) is None)

#: A letter in two code points, which count as one.
TWO_AS_ONE = "e\u0301"
