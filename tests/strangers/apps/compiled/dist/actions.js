"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.hangup = exports.menu = exports.speak = void 0;
const speak = (text) => ({ Type: "Speak", Parameters: { Text: text } });
exports.speak = speak;
const menu = () => ({
    Type: "SpeakAndGetDigits",
    Parameters: {
        SpeechParameters: { Text: "Press a key." },
        FailureSpeechParameters: { Text: "Sorry?" },
        MaxNumberOfDigits: 1,
        RepeatDurationInMilliseconds: 3000,
    },
});
exports.menu = menu;
const hangup = () => ({ Type: "Hangup", Parameters: {} });
exports.hangup = hangup;
