"""Facts in: canonical entities, mappings, readers, loading, checks."""
