// Asks what a line says with the AWS SDK for JavaScript v2, and says what came of it on another.
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");

const AWS = createRequire(`${process.env.CLIENTS}/package.json`)("aws-sdk");
const CLIENTS = { "chime-sdk-voice": "ChimeSDKVoice", "chime-sdk-meetings": "ChimeSDKMeetings" };

createInterface({ input: process.stdin }).on("line", (line) => {
  const { endpoint, service, operation, parameters } = JSON.parse(line);
  const keys = { accessKeyId: "desk", secretAccessKey: "desk" };
  const client = new AWS[CLIENTS[service]]({ endpoint, ...keys, region: "us-east-1", maxRetries: 0 });
  const method = operation[0].toLowerCase() + operation.slice(1);
  if (!client[method]) return console.log(JSON.stringify({ error: `there is no ${method}` }));
  client[method](parameters, function (error, answer) {
    const status = this.httpResponse.statusCode;
    const said = error ? { error: error.code, message: error.message } : { status, answer };
    console.log(JSON.stringify(said));
  });
});
