"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.handler = void 0;
const actions_1 = require("./actions");
const handler = async (event) => {
    var _a, _b;
    switch (event.InvocationEventType) {
        case "NEW_INBOUND_CALL":
            return respond([(0, actions_1.speak)("Welcome."), (0, actions_1.menu)()]);
        case "ACTION_SUCCESSFUL":
            return respond([
                (0, actions_1.speak)(`You chose ${(_b = (_a = event.ActionData) === null || _a === void 0 ? void 0 : _a.ReceivedDigits) !== null && _b !== void 0 ? _b : "nothing"}.`),
                (0, actions_1.hangup)(),
            ]);
        case "ACTION_FAILED":
            return respond([(0, actions_1.hangup)()]);
        default:
            return respond([]);
    }
};
exports.handler = handler;
function respond(actions) {
    return { SchemaVersion: "1.0", Actions: actions };
}
//# sourceMappingURL=index.js.map
