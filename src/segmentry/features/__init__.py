"""What is known of a customer as of an instant: declarations, the library, the compiler."""
