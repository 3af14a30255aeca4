"""The promises, stated over HTTP, on SQLite and on PostgreSQL."""
