"""The claims of document 003, each over twenty starts or more."""

from claims.document_003 import formulas, problems

CLAIMS = formulas.CLAIMS + problems.CLAIMS
