"""Small networks in numpy, trained by gradient descent."""
