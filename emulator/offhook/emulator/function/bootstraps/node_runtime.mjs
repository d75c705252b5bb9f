// Runs a Lambda handler on Node: asks the Runtime API for events, and answers as AWS's own runtime
// does. CommonJS and ES modules; async handlers, promises, callbacks, context.succeed and friends.

import http from "node:http";
import { pathToFileURL } from "node:url";

const [file, name] = process.argv.slice(2);
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, agent, method, path: `/2018-06-01/runtime/${path}`,
        headers: body === undefined ? headers
          : { ...headers, "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) } },
      (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => resolve({
          status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString(),
        }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function described(error) {
  const known = error instanceof Error;
  return JSON.stringify({
    errorType: known ? error.name : typeof error,
    errorMessage: known ? error.message : String(error),
    trace: known ? String(error.stack ?? "").split("\n") : [],
  });
}

async function load() {
  let module;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    const missing = error?.code === "ERR_MODULE_NOT_FOUND" || error?.code === "MODULE_NOT_FOUND";
    error.name = missing ? "Runtime.ImportModuleError"
      : error instanceof SyntaxError ? "Runtime.UserCodeSyntaxError" : error.name;
    throw error;
  }
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") {
    const names = Object.keys({ ...module.default, ...module })
      .filter((key) => !["default", "__esModule", "module.exports"].includes(key));
    const error = new Error(`${file} exports no function ${name}` +
      (names.length ? `: it exports ${names.join(", ")}` : ""));
    error.name = "Runtime.HandlerNotFound";
    throw error;
  }
  return handler;
}

// What a handler does ends in one of three ways: a promise settles, a callback is called, or
// nothing is left to do. A callback counts once the event loop is empty, unless the handler says
// otherwise: that is what Lambda waits for.
function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    let wait = true;
    let settle;
    const done = (error, result) => {
      settle ??= () => (error === undefined || error === null ? resolve(result) : reject(error));
      if (!wait) setImmediate(settle);
    };
    const atEnd = () => (settle ? settle() : resolve(undefined));
    const context = {
      get callbackWaitsForEmptyEventLoop() { return wait; },
      set callbackWaitsForEmptyEventLoop(value) { wait = value; },
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
      awsRequestId: headers["lambda-runtime-aws-request-id"],
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
      done: (error, result) => { wait = false; done(error, result); },
      succeed: (result) => { wait = false; done(null, result); },
      fail: (error) => { wait = false; done(error ?? "handled"); },
    };
    process.once("beforeExit", atEnd);
    const finish = (then) => (value) => { process.removeListener("beforeExit", atEnd); then(value); };
    const [whenDone, whenFailed] = [finish(resolve), finish(reject)];
    resolve = whenDone;
    reject = whenFailed;
    try {
      const returned = handler(event, context, done);
      if (typeof returned?.then === "function") returned.then(resolve, reject);
    } catch (error) {
      reject(error);
    }
  });
}

async function fail(path, error) {
  const body = described(error);
  console.error(body);
  await ask("POST", path, body, { "Lambda-Runtime-Function-Error-Type": JSON.parse(body).errorType });
}

let current;
async function crash(error, code, kind) {
  if (kind) {
    const reason = error;
    error = new Error(reason instanceof Error ? reason.message : String(reason));
    if (reason instanceof Error) error.stack = reason.stack;
    error.name = kind;
  }
  const path = current ? `invocation/${current}/error` : "init/error";
  await fail(path, error).catch(() => {});
  process.exit(code);
}

process.on("uncaughtException", (error) => crash(error, 129));
process.on("unhandledRejection", (error) => crash(error, 128, "Runtime.UnhandledPromiseRejection"));

let handler;
try {
  handler = await load();
} catch (error) {
  await crash(error, 1);
}
while (true) {
  const next = await ask("GET", "invocation/next");
  if (next.status !== 200) process.exit(0);
  current = next.headers["lambda-runtime-aws-request-id"];
  try {
    const result = await run(handler, JSON.parse(next.body), next.headers);
    let body;
    try {
      body = JSON.stringify(result === undefined ? null : result) ?? "null";
    } catch (error) {
      error.name = "Runtime.MarshalError";
      throw error;
    }
    await ask("POST", `invocation/${current}/response`, body);
  } catch (error) {
    await fail(`invocation/${current}/error`, error);
  }
  current = undefined;
}
