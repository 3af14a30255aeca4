"""The ground floor: pure functions that know no framework and no database."""
