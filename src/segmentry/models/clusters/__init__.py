"""Natural groups of customers: whether there are any, how many, and a readable rule for each."""
