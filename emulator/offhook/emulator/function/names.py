"""What a function is called at a desk, by the shape of its name."""

TEMPLATES = (".yaml", ".yml", ".json", ".template")
"""How a file is called that says what is to be deployed."""
URLS = ("http://", "https://")
NODE_FILES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
FILES = (".py", *NODE_FILES, *TEMPLATES)
"""How a file is called that has a function, or says where one is."""


def runs_here(name: str) -> bool:
    """Whether a name is `module:function`, which runs in this process."""
    path = name.rpartition(":")[0] or name
    return not (name.startswith((*URLS, "command:", "arn:")) or path.endswith(FILES))


def names_others(name: str) -> bool:
    """Whether a name is of a file that may have other functions: a template."""
    return name.rpartition(":")[0].endswith(TEMPLATES)


def called(arn: str) -> str:
    """The name of a function in its ARN, without a version or an alias."""
    return arn.partition(":function:")[2].partition(":")[0]
