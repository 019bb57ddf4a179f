"""The room that knows the city's services: it would still answer if LINE and Flask vanished.

Rules at its door: SQL lives here and nowhere else; nothing here imports Flask, LINE or the environment.
"""
