"""Customer lifetime value: how often customers will buy, what they will spend, what it is worth."""
