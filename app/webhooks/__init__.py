"""Webhooks: what happens on a board is sent to whoever wants to hear of it (Standard Webhooks).

Events become deliveries (``planning.py``), and deliveries are sent until they arrive or nobody
expects them to (``sending.py``), by a worker that runs where the service does, or apart from it
(``worker.py``).
"""
