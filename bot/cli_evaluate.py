"""flask evaluate: measure the engine on a benchmark or on questions, and fit the decision."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import ScriptInfo

from bot.cli_common import DAY, decision_of, fail, parts_of
from bot.parts import Parts
from handlers.line import text as text_handler
from handlers.line.reply import Chat
from knowledge import decide, evaluation_report, fit, index, places, search
from knowledge import evaluate as evaluation
from knowledge.evaluate import Response, Run
from knowledge.noise import NOISES, noisy
from knowledge.question_files import (
    Question,
    QuestionFileError,
    read_benchmark,
    read_questions,
)
from knowledge.tokens import Tokenizer

OWN_QUESTIONS = Path("tests/questions")
BASELINE = OWN_QUESTIONS / "baseline.json"

MAX_ROWS = 100
"""Beyond this, a page's list of failures is no longer read."""

NOISE_HELP = "質問をこの打ち方に崩して測る（何度でも）"
BASELINE_HELP = "今の正しさを、下回ってはならない値として記録する"
NEW_FILE = click.Path(path_type=Path, dir_okay=False, writable=True)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@dataclass(frozen=True)
class Options:
    """What was typed after `flask evaluate`."""

    folder: Path | None
    queries: tuple[Path, ...]
    noises: tuple[str, ...]
    seed: int
    day: datetime | None
    html: Path | None
    fits: bool
    records_baseline: bool


@click.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--queries", type=FILE, multiple=True, help="質問ファイル（何度でも）")
@click.option("--noise", "noises", type=click.Choice(list(NOISES)), multiple=True, help=NOISE_HELP)
@click.option("--seed", type=int, default=1, show_default=True, help="打ちまちがいの種")
@click.option("--date", "day", type=DAY, help="この日として答える（YYYY-MM-DD）")
@click.option("--html", type=NEW_FILE, help="報告のページをこのファイルに書く")
@click.option("--fit", "fits", is_flag=True, help="質問に合わせて、答えるかどうかの境を決め直す")
@click.option("--baseline", "records_baseline", is_flag=True, help=BASELINE_HELP)
@click.pass_obj
def evaluate(info: ScriptInfo, /, **options: Any) -> None:
    """検索の正しさを測る。FOLDER は BEIR 形式の評価用フォルダ。"""
    chosen = Options(**options)
    _refuse_contradictions(chosen)
    try:
        report = _report(info, chosen)
    except QuestionFileError as error:
        fail([str(error)])
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


def _refuse_contradictions(chosen: Options) -> None:
    writes = chosen.fits + chosen.records_baseline + (chosen.html is not None)
    if chosen.folder and (chosen.queries or chosen.noises or writes):
        raise click.UsageError("FOLDER と質問ファイルは、どちらか一つを指定してください。")
    if writes > 1:
        raise click.UsageError("--fit、--baseline、--html は、どれか一つを指定してください。")
    if chosen.fits and chosen.noises:
        raise click.UsageError("--fit は、--noise なしで指定してください。")
    if chosen.records_baseline and (chosen.queries or chosen.noises):
        raise click.UsageError("--baseline は、--queries も --noise もなしで指定してください。")


def _report(info: ScriptInfo, chosen: Options) -> dict[str, Any]:
    parts = parts_of(info)
    if chosen.folder is not None:
        return benchmark_report(parts, chosen.folder)
    questions = _questions(chosen)
    day = chosen.day.date() if chosen.day else parts.today()
    if chosen.fits:
        return fit_report(parts, questions, day)
    if chosen.records_baseline:
        return baseline_report(parts, questions, day)
    run = question_run(parts, questions, day)
    if chosen.html is not None:
        _write_page(chosen.html, page(info, run, day, chosen))
    return run_report(parts, run)


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


def question_run(parts: Parts, questions: Sequence[Question], day: date) -> Run:
    """Decisions on questions, as citizens would get them."""

    def respond(query: str) -> Response:
        reply = text_handler.say(query, Chat(parts.kb, day))
        return Response(
            decision_of(reply),
            tuple(shown.entry_id for shown in reply.shown),
            tuple((finding.start, finding.end) for finding in reply.findings),
        )

    parts.kb.snapshot(day)
    return evaluation.run(questions, respond)


def run_report(parts: Parts, run: Run) -> dict[str, Any]:
    """The numbers of a run, with the engine that made them."""
    return {**evaluation.summary(run), "engine": parts.kb.engine}


def page(info: ScriptInfo, run: Run, day: date, chosen: Options) -> str:
    """The report for people: one HTML page that needs no other file."""
    app = info.load_app()
    parts = parts_of(info)
    failures = evaluation_report.failures(run)
    return app.jinja_env.get_template("evaluation.html").render(
        report=run_report(parts, run),
        day=day,
        noises=chosen.noises,
        seed=chosen.seed,
        titles={e.id: e.title for e in parts.kb.snapshot(day).entries.values()},
        entries=evaluation_report.entry_scores(run),
        confusions=evaluation_report.confusions(run)[:MAX_ROWS],
        failures=failures[:MAX_ROWS],
        failure_count=len(failures),
    )


def baseline_report(parts: Parts, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """Record what the engine in use reaches now as what may not get worse."""
    measures = evaluation_report.measures(question_run(parts, questions, day))
    data = {
        "measures": {name: asdict(measure) for name, measure in measures.items()},
        "provenance": {
            "date": day.isoformat(),
            "questions": len(questions),
            "engine": parts.kb.engine,
        },
    }
    _store(BASELINE, parts.kb.engine, data)
    return data


def fit_report(parts: Parts, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """Fit the decision of the engine in use, write it, and say what was written."""
    data = fitted(parts, questions, day)
    _store(decide.MODEL_FILE, parts.kb.engine, data)
    return data


def fitted(parts: Parts, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """What a fit on these questions gives now: only those that reach the search take part."""
    searched = [q for q in questions if not q.need_all and not _never_searched(q, parts)]
    found = ((q, parts.kb.rank(q.query, day)) for q in searched)
    cases = [c for c in (fit.case(q, ranking) for q, ranking in found) if c is not None]
    return fit.as_data(fit.fit(cases), searched, day)


def _never_searched(question: Question, parts: Parts) -> bool:
    """Emergencies, small talk and other municipalities' matters are answered before the search."""
    if any(expected.startswith("@") for expected in question.expect):
        return True
    return places.other_municipality(question.query, parts.kb.tokenizer) is not None


def _store(path: Path, engine: str, data: dict[str, Any]) -> None:
    """Put one engine's part into a file of several; the others stay."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    stored[engine] = data
    text = json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")


def _write_page(path: Path, html: str) -> None:
    try:
        path.write_text(html, encoding="utf-8")
    except OSError:
        fail([f"{path}：ファイルに書けません"])


def _questions(chosen: Options) -> list[Question]:
    files = chosen.queries or tuple(sorted(OWN_QUESTIONS.glob("*.jsonl")))
    questions = [question for path in files for question in read_questions(path)]
    if not chosen.noises:
        return questions
    tokenizer = Tokenizer()
    return [
        question
        for kind in dict.fromkeys(chosen.noises)
        for question in noisy(questions, kind, chosen.seed, tokenizer)
    ]
