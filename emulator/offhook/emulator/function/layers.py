"""The layers of a function whose code is here: on the path of its runtime, as in Lambda."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from offhook.emulator.function.intrinsics import Intrinsic, Table, intrinsic, shown, table
from offhook.emulator.function.zipped import unpacked

CONTENT: Final[Mapping[str, str]] = {
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Lambda::LayerVersion": "Content",
}
WITHIN: Final[Mapping[str, tuple[str, str, Sequence[str]]]] = {
    "python": ("PYTHONPATH", "", ("python/lib/python*/site-packages", "python")),
    "nodejs": ("NODE_PATH", "node_modules", ("nodejs/node*/node_modules", "nodejs/node_modules")),
}
"""By runtime: the variable, where it lies in what `sam build` has yet to arrange, and where it lies
in a layer (Lambda guide: "Packaging your layer content")."""


class Layers:
    """Those of one function."""

    def __init__(
        self, layers: object, resources: Table, value: Callable[[object], object], folder: Path
    ) -> None:
        """`layers` as the template in a folder has them, with its `resources`; `value` is what is
        worked out of it. Raises `FunctionNotFound` for a zip that is none."""
        self._resources, self._value, self._folder = resources, value, folder
        self.elsewhere: list[str] = []
        """Those whose content is not here, as the template names them."""
        self._found = [*self._folders(value(layers))]

    def path(self, runtime: str) -> Mapping[str, str]:
        """The variable by which a runtime finds what is in them, where there is something."""
        kind = next((each for each in WITHIN if runtime.startswith(each)), "")
        if not kind:
            return {}
        variable, unbuilt, places = WITHIN[kind]
        found: list[str] = []
        for folder, is_built in self._found:
            there = [str(each) for place in places for each in folder.glob(place)]
            found += there or ([] if is_built else [str(folder / unbuilt)])
        return {variable: ":".join(found)} if found else {}

    def _folders(self, layers: object) -> Iterator[tuple[Path, bool]]:
        """The content of each, and whether it lies there as in the layer."""
        for layer in cast("list[object]", layers) if isinstance(layers, list) else []:
            said = intrinsic(layer)
            name = said.argument if isinstance(said, Intrinsic) and said.kind == "Ref" else None
            resource = table(self._resources.get(str(name)))
            content = CONTENT.get(str(resource.get("Type")), "")
            metadata = table(resource.get("Metadata"))
            where = metadata.get("aws:asset:path", table(resource.get("Properties")).get(content))
            where = self._value(where)
            folder = self._folder / str(where)
            if isinstance(where, str) and folder.exists():
                place = unpacked(folder) if folder.is_file() else folder
                yield place.resolve(), "BuildMethod" not in metadata
            else:
                self.elsewhere.append(shown(self._value(layer)))
