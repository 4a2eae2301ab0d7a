"""The claims of document 001, each over twenty starts or more."""

from claims.document_001 import derivatives, training

CLAIMS = derivatives.CLAIMS + training.CLAIMS
