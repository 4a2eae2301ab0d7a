"""What a function depends on besides its arguments: what it holds, walked through, written down and compared."""
