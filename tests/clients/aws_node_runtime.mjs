// AWS's own Node client, `node aws_node_runtime.mjs FOLDER HANDLER`, with its native addon replaced: nothing is compiled here.

import Module from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, handler] = process.argv.slice(2);
const { next, post } = await import(pathToFileURL(process.env.RUNTIME_API));

const say = (what) => (id, body) => {
  if (typeof body !== "string") throw new TypeError("Wrong arguments");
  post(`invocation/${id}/${what}`, body);
};
const native = {
  next: async () => {
    const { headers, body } = await next();
    return { headers, bodyJson: body };
  },
  done: say("response"),
  error: say("error"),
};
const load = Module._load;
Module._load = (request, ...more) => (request === "./rapid-client.node" ? native : load(request, ...more));

const { main } = Module.createRequire(import.meta.url)(path.join(folder, "package.json"));
const { run } = await import(pathToFileURL(path.join(folder, main)));
await run?.(process.cwd(), handler); // version 4 runs by itself
