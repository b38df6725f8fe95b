"""Jobs through a real queue: once, again after a failure, and given up with a reason."""
