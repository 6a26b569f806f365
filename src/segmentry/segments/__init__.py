"""Named sets of customers: rules, exclusive segmentations, membership, explanation."""
