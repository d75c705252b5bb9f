// Asks what a line says with the AWS SDK for JavaScript v3, and says what came of it on another.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(`${process.env.CLIENTS}/package.json`);
const CLIENTS = { "chime-sdk-voice": "ChimeSDKVoiceClient", "chime-sdk-meetings": "ChimeSDKMeetingsClient" };

for await (const line of createInterface({ input: process.stdin })) {
  const { endpoint, service, operation, parameters } = JSON.parse(line);
  const sdk = require(`@aws-sdk/client-${service}`);
  const credentials = { accessKeyId: "desk", secretAccessKey: "desk" };
  const client = new sdk[CLIENTS[service]]({ endpoint, credentials, region: "us-east-1", maxAttempts: 1 });
  try {
    const { $metadata, ...answer } = await client.send(new sdk[`${operation}Command`](parameters));
    console.log(JSON.stringify({ status: $metadata.httpStatusCode, answer }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.name, message: error.message }));
  }
  client.destroy();
}
