"""What happened, as opposed to what the city offers: events seen, and what each chat may choose from.

SQLAlchemy Core throughout: SQLite by default, PostgreSQL by URL. Never a message text, never a user id.
"""
