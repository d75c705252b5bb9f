// One request of the SDK for JavaScript: node javascript.mjs ENDPOINT COMMAND INPUT. Prints what came of it, as JSON.
import { createRequire } from "node:module";
import { argv, env } from "node:process";

const sdk = createRequire(`${env.CLIENTS}/`)("@aws-sdk/client-chime-sdk-voice");
const [endpoint, command, input] = argv.slice(2);
const client = new sdk.ChimeSDKVoiceClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "desk", secretAccessKey: "desk" },
  maxAttempts: 1,
});

async function answer() {
  if (command.startsWith("paginate")) {
    const pages = [];
    for await (const page of sdk[command]({ client, pageSize: 1 }, JSON.parse(input))) pages.push(page);
    return { pages };
  }
  return client.send(new sdk[`${command}Command`](JSON.parse(input)));
}

try {
  const { $metadata, ...found } = await answer();
  console.log(JSON.stringify({ status: $metadata?.httpStatusCode, ...found }));
} catch (error) {
  console.log(
    JSON.stringify({
      error: error.name,
      isKnown: sdk[error.name] !== undefined && error instanceof sdk[error.name],
      message: error.message || error.Message,
      status: error.$metadata?.httpStatusCode,
    }),
  );
}
