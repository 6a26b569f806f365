"""What is likely to come: models that are fitted, checked on held-out time, and their cards."""
