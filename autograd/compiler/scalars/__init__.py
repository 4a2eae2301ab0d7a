"""A recorded graph as a list of numbers, brought to its normal form and differentiated there."""
