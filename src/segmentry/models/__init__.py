"""What is likely to come: models of customers, fitted, checked on held-out time, and their cards."""
