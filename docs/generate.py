"""Makes every page and schema that is made from the code: what `make docs` runs. Only some of it
when they are named: `python -m docs.generate actions settings`."""

import runpy
import sys
from pathlib import Path

MAKERS = {
    maker.stem.removeprefix("generate_"): maker
    for maker in sorted(Path(__file__).parent.glob("generate_*.py"))
}

if __name__ == "__main__":
    for name in sys.argv[1:] or MAKERS:
        runpy.run_path(str(MAKERS[name]), run_name="__main__")
