"""What can be computed without a random number: spectra, risks, scaling laws, dynamics."""
