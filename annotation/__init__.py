"""What people say about clips: records, votes, agreement, clusters. No torch, no database."""
