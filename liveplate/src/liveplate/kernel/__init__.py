"""In a running kernel: widgets and a picture that follows them."""
