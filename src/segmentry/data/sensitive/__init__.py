"""Special categories of personal data: recognised by name and by values, locked until decided."""
