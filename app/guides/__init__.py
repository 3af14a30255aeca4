"""The pages that explain what all operations have in common, each a Markdown file beside this."""
