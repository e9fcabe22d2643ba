"""Modules joined into one text."""

from __future__ import annotations

import pytest

from skerry.errors import ArgumentError
from skerry.page.bundle import bundle


def test_a_module_comes_behind_all_that_it_imports_and_once():
    text = bundle(
        {
            "main.js": 'import {b} from "./view/b.js";\nimport {a} from "./a.js";\nrun(a, b);\n',
            "view/b.js": 'import {\n  a,\n} from "../a.js";\nexport class b {\n}\n',
            "a.js": "export const a = 1;\n",
            "unused.js": "export const a = 2;\n",
        }
    )
    assert [line for line in text.splitlines() if line.startswith("//")] == [
        "// a.js", "// view/b.js", "// main.js",
    ]  # fmt: skip
    assert "import" not in text
    assert "export" not in text


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({"main.js": 'import {a} from "./a.js";\n'}, "main.js imports a.js, which is not there"),
        (
            {"main.js": 'import {b} from "./a.js";\n', "a.js": "export const a = 1;\n"},
            "main.js imports b, which a.js does not export",
        ),
        (
            {
                "main.js": 'import {a} from "./a.js";\nclass helper {}\n',
                "a.js": "function helper() {}\nexport const a = 1;\n",
            },
            "main.js declares helper, which a.js declares too",
        ),
        (
            {
                "main.js": 'import {a} from "./a.js";\nexport const b = 1;\n',
                "a.js": 'import {b} from "./main.js";\nexport const a = 1;\n',
            },
            "modules import each other: main.js -> a.js -> main.js",
        ),
        ({"main.js": "export default 1;\n"}, "a form that is not supported: export default 1;"),
        ({"main.js": 'import a from "./a.js";\n'}, "a form that is not supported"),
        ({"main.js": "const {a, b} = window;\n"}, "a form that is not supported"),
        ({"main.js": 'const a = "</script>";\n'}, "would end its script element"),
    ],
)
def test_what_would_not_work_as_one_module_is_refused(sources, message):
    with pytest.raises(ArgumentError) as caught:
        bundle(sources)
    assert message in str(caught.value)


def test_indented_names_are_not_of_the_top_level():
    text = bundle(
        {
            "main.js": 'import {a} from "./a.js";\nfunction b() {\n  const count = a;\n}\n',
            "a.js": "export function a() {\n  const count = 1;\n}\n",
        }
    )
    assert text.count("const count") == 2
