"use strict";
// Where the lines of a ladder stand: by their leg, in a column; and what is before them, by their
// kind. From the first brace to the last this is JSON, which `picture.py` reads as well.

const LADDER = {
  "columns": { "LEG-A": "a", "": "app", "LEG-B": "b" },
  "heads": { "a": "LEG-A", "app": "application", "b": "LEG-B" },
  "marks": { "hears": "◀ ", "says": "▶ ", "presses": "▶ " }
};
