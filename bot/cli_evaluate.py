"""flask evaluate: measure the engine on a benchmark or on questions, and fit the decision."""

import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import ScriptInfo

from bot.cli_common import DAY, decision_of, fail, parts_of
from bot.parts import Parts
from handlers.line import text as text_handler
from handlers.line.reply import Chat
from knowledge import decide, fit, index, search
from knowledge import evaluate as evaluation
from knowledge.evaluate import Response
from knowledge.question_files import (
    Question,
    QuestionFileError,
    read_benchmark,
    read_questions,
)
from knowledge.tokens import Tokenizer

OWN_QUESTIONS = Path("tests/questions")

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--queries", type=FILE, multiple=True, help="質問ファイル（何度でも）")
@click.option("--fit", "fits", is_flag=True, help="質問に合わせて、答えるかどうかの境を決め直す")
@click.option("--date", "day", type=DAY, help="この日として答える（YYYY-MM-DD）")
@click.pass_obj
def evaluate(
    info: ScriptInfo, folder: Path | None, queries: tuple[Path, ...], *, fits: bool, day: Any
) -> None:
    """検索の正しさを測る。FOLDER は BEIR 形式の評価用フォルダ。"""
    if bool(folder) and (bool(queries) or fits):
        raise click.UsageError("FOLDER と質問ファイルは、どちらか一つを指定してください。")
    try:
        parts = parts_of(info)
        if folder is not None:
            report = benchmark_report(parts, folder)
        else:
            questions = _questions(queries)
            on_day = day.date() if day else parts.today()
            make_report = fit_report if fits else question_report
            report = make_report(parts, questions, on_day)
    except QuestionFileError as error:
        fail([str(error)])
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


def benchmark_report(parts: Parts, folder: Path) -> dict[str, Any]:
    """Rankings on a BEIR folder, with the index built from its corpus."""
    benchmark = read_benchmark(folder)
    started = time.perf_counter()
    built = index.build(benchmark.documents, Tokenizer(), parts.kb.encoder)
    seconds = time.perf_counter() - started
    scores = evaluation.rankings(
        benchmark, lambda text: search.ids(search.rank(built, text, evaluation.DEPTH))
    )
    return {**scores, "index_s": round(seconds, 2), "engine": parts.kb.engine}


def question_report(parts: Parts, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """Decisions on questions, as citizens would get them."""

    def respond(query: str) -> Response:
        reply = text_handler.say(query, Chat(parts.kb, day))
        return Response(decision_of(reply), tuple(shown.entry_id for shown in reply.shown))

    parts.kb.snapshot(day)
    return {**evaluation.decisions(questions, respond), "engine": parts.kb.engine}


def fit_report(parts: Parts, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """Fit the decision of the engine in use, write it, and say what was written."""
    data = fitted(parts, questions, day)
    stored = json.loads(decide.MODEL_FILE.read_text(encoding="utf-8"))
    stored[parts.kb.engine] = data
    text = json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    decide.MODEL_FILE.write_text(text, encoding="utf-8")
    return data


def fitted(parts: Parts, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """What a fit on these questions gives now: only those that reach the search take part."""
    searched = [q for q in questions if not q.need_all and not _is_handled_before_search(q)]
    found = ((q, parts.kb.rank(q.query, day)) for q in searched)
    cases = [c for c in (fit.case(q, ranking) for q, ranking in found) if c is not None]
    return fit.as_data(fit.fit(cases), searched, day)


def _is_handled_before_search(question: Question) -> bool:
    return any(expected.startswith("@") for expected in question.expect)


def _questions(paths: tuple[Path, ...]) -> list[Question]:
    files = paths or tuple(sorted(OWN_QUESTIONS.glob("*.jsonl")))
    return [question for path in files for question in read_questions(path)]
