"""One file an engine: how it spells the operators."""
