"""The outbox: what has happened on each board, in one order, written with the change it tells of.

Rooms tell of what they change (:func:`app.outbox.service.tell`), and know nobody who listens.
"""
