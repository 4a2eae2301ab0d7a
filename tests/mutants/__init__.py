"""Faults put in on purpose: ``python -m tests.mutants`` says which of them the suite finds."""
