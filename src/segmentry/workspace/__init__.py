"""The catalogue, refresh, and the façade that every interface calls."""
