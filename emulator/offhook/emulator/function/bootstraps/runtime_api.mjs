// The Runtime API as AWS's own client has it: the next event is waited for; what came of one is posted at once, before
// anything else happens in this thread, so that a handler that replies and exits has replied. A thread does the HTTP.

import http from "node:http";
import { Worker, isMainThread, parentPort } from "node:worker_threads";

const worker = isMainThread ? new Worker(new URL(import.meta.url), { execArgv: [] }) : serve();
const posted = new Int32Array(new SharedArrayBuffer(4));

// `{ status, headers, body }` of the next event. Nothing but this keeps the process alive.
export function next() {
  return new Promise((resolve) => {
    worker.ref();
    worker.once("message", (answer) => {
      worker.unref();
      resolve(answer);
    });
    worker.postMessage({ method: "GET", path: "invocation/next" });
  });
}

export function post(path, body, headers = {}) {
  Atomics.store(posted, 0, 0);
  worker.postMessage({ method: "POST", path, body, headers, posted });
  Atomics.wait(posted, 0, 0);
}

function serve() {
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  parentPort.on("message", ({ posted, body, method, path, headers }) => {
    const answer = (what) => {
      if (!posted) return parentPort.postMessage(what);
      Atomics.store(posted, 0, 1);
      Atomics.notify(posted, 0);
    };
    const sized = body === undefined ? {}
      : { ...headers, "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    http.request({ host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers: sized }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => answer({
        status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString(),
      }));
    }).on("error", () => answer({ status: 0 })).end(body);
  });
}
