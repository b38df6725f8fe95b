"""What the scheduler sweeps and announces, one step at a time."""
