"""Identity: which records are one customer, who says so, and who a record counts for."""
