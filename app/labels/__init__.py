"""Labels: what a work says of itself, so that readers find it or keep away."""
