"""All tables at once: a foreign key finds its table only where both have been named."""

from db import clip_tables, label_tables, person_tables, quality_tables

__all__ = ["clip_tables", "label_tables", "person_tables", "quality_tables"]
