"""From a list of numbers to statements over arrays: what stands together, where, and which sums are matrices."""
