"""Speed as ratios in one run: Segmentry beside what one would write by hand, from the same file."""
