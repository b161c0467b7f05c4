"""What is measured: samples, solvers, trials, sweeps."""
