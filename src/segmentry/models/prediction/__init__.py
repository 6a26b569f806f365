"""What customers will do next: targets, fitting by time split, cards, scores."""
