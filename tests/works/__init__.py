"""Lists of works: filters, orders, counts and picks."""
