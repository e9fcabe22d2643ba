"""The chores of a developer: `nox -l` lists them."""

from __future__ import annotations

import nox

nox.options.sessions = ["tests", "lint", "types", "layers", "docs"]
nox.options.reuse_existing_virtualenvs = True


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the tests."""
    session.install(".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install("ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install(".", *nox.project.dependency_groups(nox.project.load_toml(), "dev"))
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Check that imports point one way."""
    session.install("-e", ".", "import-linter")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """Run every example of the docstrings and of docs/."""
    session.install(".[test]")
    session.run("pytest", "--doctest-modules", "--doctest-glob=*.md", "src/skerry", "docs")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure skerry beside its peers in one run."""
    session.install(".[test]")
    session.run("python", "benchmarks/run.py", *session.posargs)
