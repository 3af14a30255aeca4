"""The foundations: settings, database, HTTP, errors, paging, logs. They know nothing of prompts."""
