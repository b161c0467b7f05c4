"""What holds the built site and the code to their word."""
