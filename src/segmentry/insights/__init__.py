"""Questions about the base and its segments: size, money, movement, what sets them apart."""
