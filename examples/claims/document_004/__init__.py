"""The claims of document 004, each over twenty networks or more."""

from claims.document_004 import descent, objective

CLAIMS = objective.CLAIMS + descent.CLAIMS
