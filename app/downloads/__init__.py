"""Whole works as files, to be read where there is no board: EPUB, HTML, Markdown, plain text."""
