"""Colleagues of the same name, told apart by their accounts."""

from collections import Counter
from dataclasses import replace

from knowledge.records import accounts, drafts
from knowledge.records.drafts import Draft
from knowledge.records.jobs import Transaction


def found(connection: Transaction) -> dict[str, str]:
    """By id, the account of everybody whose name somebody else has as well."""
    everybody = accounts.everybody(connection)
    times = Counter(_spelling(person.name) for person in everybody)
    return {p.person_id: p.account for p in everybody if times[_spelling(p.name)] > 1}


def told_apart(connection: Transaction, person_id: str, name: str) -> str:
    """A name as it is shown, with the account where the name alone does not tell."""
    account = found(connection).get(person_id)
    return f"{name}（{account}）" if account else name


def names(connection: Transaction) -> dict[str, str]:
    """Everybody's name by id, as it is shown."""
    beside = found(connection)
    return {
        p.person_id: f"{p.name}（{p.account}）" if p.person_id in beside else p.name
        for p in accounts.everybody(connection)
    }


def draft(connection: Transaction, entry_id: str) -> Draft | None:
    """The draft of an entry, under the name by which its writer is shown."""
    one = drafts.get(connection, entry_id)
    if one is None:
        return None
    return replace(one, person_name=told_apart(connection, one.person_id, one.person_name))


def _spelling(name: str) -> str:
    return "".join(name.split())
