"""Node files: CommonJS and ES modules; async, promises, callbacks; what Lambda's runtime does."""

import shutil
from itertools import product

import pytest

from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.mending import hint
from offhook.emulator.function.node import version
from offhook.emulator.function.reach import reach
from tests.emulator.function.conftest import EVENT, Reached, Written, ask, needs_node

STYLES = {
    "async": "async (event) => ({ got: event.Sequence })",
    "promise": (
        "(event) => new Promise((done) => setTimeout(() => done({ got: event.Sequence }), 5))"
    ),
    "callback": "(event, context, callback) => callback(null, { got: event.Sequence })",
    "callback later": (
        "(event, context, callback) => "
        "{ setTimeout(() => callback(null, { got: event.Sequence }), 5); }"
    ),
    "succeed": "(event, context) => { context.succeed({ got: event.Sequence }); }",
    "done": "(event, context) => { context.done(null, { got: event.Sequence }); }",
    "callback at once, and nothing waits": (
        "(event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; "
        "setTimeout(() => {}, 60000); callback(null, { got: event.Sequence }); }"
    ),
}
"""One process takes them one after the other: the last is in nobody's way."""


@needs_node
@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("index.js", "exports.handler = {};"),
        ("index.cjs", "module.exports = {{ handler: {} }};"),
        ("index.mjs", "export const handler = {};"),
    ],
)
def test_every_style_of_handler_replies(
    reached: Reached, written: Written, file: str, source: str
) -> None:
    styles = "".join(f"\n  {style!r}: {code}," for style, code in STYLES.items())
    chosen = f"((event, ...more) => ({{{styles}\n}})[event.style](event, ...more))"
    path = written(file, source.replace("{{", "{").replace("}}", "}").replace("{}", chosen))
    function = reached(f"{path}:handler")
    for style, sequence in product(STYLES, (1, 2)):
        event = {**EVENT, "Sequence": sequence, "style": style}
        assert ask(function, event).reply == {"got": sequence}, style


@needs_node
def test_a_js_file_of_a_package_of_modules_is_a_module(reached: Reached, written: Written) -> None:
    written("package.json", '{"type": "module"}')
    written("lib/words.js", "export const word = 'word';")
    path = written(
        "src/index.js", "import { word } from '../lib/words.js'\nexport const f = async () => word"
    )
    assert ask(reached(f"{path}:f")).reply == "word"


FAILS = {
    "async () => { throw new TypeError('no') }": "TypeError: no\n  at ",
    "() => { throw new Error('at once') }": "Error: at once\n  at ",
    "(e, c, callback) => callback(new RangeError('far'))": "RangeError: far\n  at ",
    "(e, c, callback) => callback('plain')": "string: plain",
    "async () => { const a = {}; a.a = a; return a }": "Error: Unable to stringify response body",
    "(e, c) => c.fail(new Error('failed'))": "Error: failed",
    "async () => 'x'.repeat(6500000)": "exceeded maximum allowed payload size",
    "async () => process.exit(3)": "Runtime exited before it replied: exit status 3",
    "() => { setTimeout(() => { throw new Error('later') }, 1); }": "Error: later\n  at ",
    "() => { Promise.reject(new Error('unseen')); return new Promise(() => {}); }": (
        "Runtime.UnhandledPromiseRejection: Error: unseen"
    ),
}
"""The last three end the process: the next event finds another."""


@needs_node
def test_what_fails_in_lambda_fails_here(reached: Reached, written: Written) -> None:
    handlers = "".join(f"\n  {handler}," for handler in FAILS)
    path = written(
        "index.js", f"exports.handler = (e, ...more) => [{handlers}\n][e.n](e, ...more);"
    )
    function = reached(f"{path}:handler")
    for number, error in [*enumerate(FAILS.values()), (0, "TypeError: no\n  at ")]:
        assert error in ask(function, {**EVENT, "n": number}).error


@needs_node
@pytest.mark.parametrize(
    ("file", "source", "error"),
    [
        (
            "index.js",
            "require('no-such-module')",
            "Runtime.ImportModuleError: Error: Cannot find module",
        ),
        ("index.mjs", "import 'no-such-module'", "Error: Cannot find package"),
        ("index.js", "exports.handler = (", "Runtime.UserCodeSyntaxError: "),
        (
            "index.js",
            "exports.other = () => {}",
            "index.handler is undefined or not exported: index.js exports other",
        ),
        ("index.js", "throw new Error('at import')", "Error: at import"),
    ],
)
def test_a_file_that_does_not_load_says_why(
    reached: Reached, written: Written, file: str, source: str, error: str
) -> None:
    assert error in ask(reached(f"{written(file, source)}:handler")).error


@needs_node
def test_an_es_module_is_required_only_where_node_is_told_to(
    reached: Reached, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version(str(shutil.which("node"))) < (20, 17):
        pytest.skip("this Node never requires one")
    written("one.mjs", "export const one = 1;")
    path = written("index.js", "exports.handler = async () => require('./one.mjs').one;")
    error = ask(reached(f"{path}:handler")).error
    assert "require() of ES Module" in error
    assert "unless NODE_OPTIONS has --experimental-require-module" in str(hint(error))
    monkeypatch.setenv("NODE_OPTIONS", "--experimental-require-module")
    assert ask(reached(f"{path}:handler")).reply == 1


@needs_node
def test_a_handler_that_says_nothing_replies_null(reached: Reached, written: Written) -> None:
    path = written("index.js", "exports.handler = (event) => { console.log('seen'); };")
    answer = ask(reached(f"{path}:handler"))
    assert (answer.reply, answer.error, answer.log) == (None, "", "seen\n")


@needs_node
def test_the_context_says_which_function_this_is(reached: Reached, written: Written) -> None:
    path = written(
        "index.mjs",
        """
        export const handler = async (event, context) => ({
          arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
          left: context.getRemainingTimeInMillis() > 15000, id: context.awsRequestId.length,
          name: context.functionName,
        });
        """,
    )
    assert ask(reached(f"{path}:handler")).reply == {
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:their-app",
        "memory": "512",
        "left": True,
        "id": 36,
        "name": "their-app",
    }


@needs_node
def test_a_handler_that_never_ends_times_out_and_starts_anew(
    reached: Reached, written: Written
) -> None:
    path = written(
        "index.js",
        """
        const nobody = new Int32Array(new SharedArrayBuffer(4));
        const hang = () => Atomics.wait(nobody, 0, 0);
        exports.handler = async (event) => { if (event.hangs) hang(); return process.pid; };
        """,
    )
    function = reached(f"{path}:handler", Limits(timeout=1))
    before = ask(function).reply
    assert "Task timed out after 1.00 seconds" in ask(function, {**EVENT, "hangs": True}).error
    assert ask(function).reply != before


def test_typescript_is_to_be_compiled_first(written: Written) -> None:
    path = written("index.ts", "export const handler = async () => 1")
    with pytest.raises(FunctionNotFound, match=r"TypeScript: compile it, and name the \.js"):
        reach(f"{path}:handler")


def test_without_node_it_says_so(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written("index.js", "exports.handler = async () => 1")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FunctionNotFound, match="install Node 18 or newer"):
        reach(f"{path}:handler")
