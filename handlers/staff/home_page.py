"""The first page after signing in: where to go."""

from flask import Blueprint, render_template

from handlers.staff import guard
from handlers.staff.desk import Desk


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/`."""

    @blueprint.get("/")
    @guard.needs("viewer")
    def home() -> str:
        count = len(desk.kb.public_entries(desk.today()))
        return render_template("staff/home.html", count=count)
