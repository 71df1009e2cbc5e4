"""Learning core: clips in, embeddings and scores out. Importing it imports nothing heavy."""

__version__ = "0.1.0"
