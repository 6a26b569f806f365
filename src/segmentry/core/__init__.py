"""What every room uses and that uses no room: errors, time, value types."""
