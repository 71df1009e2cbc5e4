"""Labels, people, clips and jobs in SQLite or PostgreSQL. ORM objects never leave this package."""
