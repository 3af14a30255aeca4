"""Search: what is found on all boards, and what there is of everything on one."""
