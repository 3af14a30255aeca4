"""Identity: masks, the tokens that prove them, and who is asking.

An anonymous author is a *mask*. The edit token that came with the first post is the only thing that
ties a person to it, and only the token's hash is kept. An account posts through a mask of its own,
so that everything posted has an author of one kind, named or not.
"""
