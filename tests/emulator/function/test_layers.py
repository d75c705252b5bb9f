"""The layers of a function in a template."""

import pytest

from tests.emulator.function.conftest import Reached, Written, ask, needs_node

LAYERS = """
    Globals: {{ Function: {{ Layers: [!Ref Words] }} }}
    Resources:
      Words:
        Type: AWS::Serverless::LayerVersion
        Metadata: {metadata}
        Properties: {{ ContentUri: words/ }}
      Calls:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: src/
          Handler: app.handler
          Runtime: {runtime}
          Layers: ["arn:aws:lambda:us-east-1:580247275435:layer:Insights:14"]
"""


@pytest.mark.parametrize(
    ("runtime", "metadata", "place", "code"),
    [
        ("python3.12", "{}", "python/word.py", "word = 'from a layer'"),
        (
            "python3.12",
            "{}",
            "python/lib/python3.12/site-packages/word.py",
            "word = 'from a layer'",
        ),
        ("python3.12", "{ BuildMethod: python3.12 }", "word.py", "word = 'from a layer'"),
        pytest.param(
            *("nodejs20.x", "{}", "nodejs/node_modules/word.js", "exports.word = 'from a layer'"),
            marks=needs_node,
        ),
    ],
)
def test_a_layer_that_is_here_is_found_and_another_is_named(
    reached: Reached, written: Written, runtime: str, metadata: str, place: str, code: str
) -> None:
    written(f"words/{place}", code)
    written("src/app.py", "import word\ndef handler(event, context): return word.word")
    written("src/app.js", "exports.handler = async () => require('word').word")
    file = written("template.yaml", LAYERS.format(runtime=runtime, metadata=metadata))
    answer = ask(reached(f"{file}:Calls"))
    assert answer.reply == "from a layer"
    assert "the layer arn:aws:lambda:us-east-1:580247275435:layer:Insights:14 is left" in answer.log
    assert answer.log.count("is left out") == 1
