"""Expressions and relations as trees, what operators mean, and how engines spell them."""
