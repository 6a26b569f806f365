"""Expressions and relations as trees, the operators and what they mean, and how engines spell them."""
