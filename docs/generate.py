"""Makes every page and schema that is made from the code: what `make docs` runs."""

import runpy
from pathlib import Path

if __name__ == "__main__":
    for maker in sorted(Path(__file__).parent.glob("generate_*.py")):
        runpy.run_path(str(maker), run_name="__main__")
