PHRASES = {
    "en": {
        "menu": "For our opening hours, press 1. For the address, press 2.",
        "hours": "We open at nine.",
        "address": "We are behind the station.",
        "sorry": "Sorry, I did not get that.",
        "bye": "Goodbye.",
    },
    "de": {
        "menu": "Unsere Öffnungszeiten hören Sie mit der 1, die Adresse mit der 2.",
        "hours": "Wir öffnen um neun.",
        "address": "Wir sind hinter dem Bahnhof.",
        "sorry": "Das habe ich nicht verstanden.",
        "bye": "Auf Wiederhören.",
    },
}
