// Runs a Lambda handler on Node as AWS's own client does: version 3 of it up to Node 22, with callbacks, and version 4 from
// Node 24 on, without. Which one, AWS_EXECUTION_ENV says, or else the Node that runs this.
// tests/clients/test_node_runtime.py holds it against both.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import { next, post } from "./runtime_api.mjs";

const [file, name] = process.argv.slice(2);
const [, ours] = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV) ?? [, process.versions.node.split(".")[0]];
const hasCallbacks = Number(ours) < 24;
process.env.AWS_EXECUTION_ENV = `AWS_Lambda_nodejs${ours}.x`;
console.fatal = console.error;

class Fault extends Error {
  constructor(kind, why, stack) {
    super(why);
    this.name = `Runtime.${kind}`;
    this.stack = stack ?? this.stack;
  }
}

function described(error) {
  try {
    if (types.isNativeError(error) || (error?.name && error.message && error.stack)) {
      return { errorType: error.name, errorMessage: error.message, trace: error.stack.split("\n") };
    }
    return { errorType: typeof error, errorMessage: hasCallbacks ? error.toString() : String(error), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage: "callback called with Error argument, but there was a problem while retrieving one or more of its " +
        "message, name, and stack",
    };
  }
}

function fail(where, error) {
  const told = described(error);
  const body = JSON.stringify(told);
  console.error(error?.cause ? `${body} (${error.cause})` : body);
  post(where, body, { "Lambda-Runtime-Function-Error-Type": told.errorType });
}

function succeed(id, result) {
  let body;
  try {
    body = JSON.stringify(result === undefined ? null : result);
  } catch (cause) {
    const error = new Error("Unable to stringify response body", { cause });
    throw hasCallbacks ? error : Object.assign(error, { name: "Runtime.JSONStringifyError" });
  }
  if (body === undefined) throw new TypeError("Wrong arguments"); // of a function, which is no JSON
  post(`invocation/${id}/response`, body);
}

function isModule() {
  if (file.endsWith(".mjs") || file.endsWith(".cjs")) return file.endsWith(".mjs");
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const told = path.join(folder, "package.json");
    if (existsSync(told)) return JSON.parse(readFileSync(told, "utf8")).type === "module";
    if (folder === path.dirname(folder)) return false;
  }
}

async function load() {
  let module;
  try {
    module = hasCallbacks && !isModule() ? createRequire(import.meta.url)(file) : await import(pathToFileURL(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault("UserCodeSyntaxError", String(error), error.stack);
    if (error?.code === "MODULE_NOT_FOUND") throw new Fault("ImportModuleError", String(error), error.stack);
    throw error;
  }
  const within = (object) => name.split(".").reduce((found, key) => found?.[key], object);
  const handler = within(module) || (hasCallbacks ? undefined : within(module.default));
  if (typeof handler !== "function") {
    const names = Object.keys({ ...module.default, ...module })
      .filter((key) => !["default", "__esModule", "module.exports"].includes(key));
    const why = handler ? "is not a function" : "is undefined or not exported";
    throw new Fault("HandlerNotFound", `${process.env._HANDLER} ${why}` +
      (names.length ? `: ${path.basename(file)} exports ${names.join(", ")}` : ""));
  }
  if (!hasCallbacks && handler.length >= 3) {
    throw new Fault("CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to " +
      "modify this function to use a supported handler signature to use Node.js 24 or later. For more information see " +
      "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.");
  }
  return handler;
}

// The clock is the call's, whose moment the trace's id begins with: moved when that is not now.
const machine = Date;
const NEAR = 60_000;
let ahead = 0;

function move(moment) {
  ahead = moment - machine.now();
  if (Math.abs(ahead) < NEAR) ahead = 0;
  if (!ahead || Date !== machine) return;
  const now = () => machine.now() + ahead;
  globalThis.Date = new Proxy(machine, {
    apply: () => new Date().toString(),
    construct: (target, given, made) => Reflect.construct(target, given.length ? given : [now()], made),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  machine.prototype.constructor = Date;
  const { format, formatToParts } = Object.getOwnPropertyDescriptors(Intl.DateTimeFormat.prototype);
  Object.defineProperties(Intl.DateTimeFormat.prototype, {
    format: { get() { const its = format.get.call(this); return (date = now()) => its(date); } },
    formatToParts: { value(date = now()) { return formatToParts.value.call(this, date); } },
  });
}

async function invocation() {
  const { status, headers, body } = await next();
  if (status !== 200) process.exit(0);
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  move(parseInt(process.env._X_AMZN_TRACE_ID.slice(7, 15), 16) * 1000);
  const deadline = Number(headers["lambda-runtime-deadline-ms"]) + ahead;
  const context = {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    tenantId: undefined,
    ...(hasCallbacks ? {} : { xRayTraceId: process.env._X_AMZN_TRACE_ID }),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  return { id: context.awsRequestId, context, body };
}

// Version 4: what the handler returns or resolves to counts, and nothing else.
async function serve(handler) {
  while (true) {
    const { id, context, body } = await invocation();
    try {
      const result = await handler(JSON.parse(body), context);
      await new Promise(setImmediate);
      succeed(id, result);
    } catch (error) {
      await new Promise(setImmediate);
      fail(`invocation/${id}/error`, error);
    }
  }
}

// Version 3: the first of promise, callback and context.done counts. What a callback says waits until the event loop is
// empty, unless the handler says otherwise; where nobody says anything, an empty loop is the end.
let whenEmpty = () => {};
let current;

async function serveOne(handler) {
  const { id, context, body } = await invocation();
  current = id;
  let waits = true;
  let hasReplied = false;
  let isSettled = false;
  const goOn = () => setImmediate(() => serveOne(handler));
  const reply = (result) => {
    if (hasReplied) return console.error("The invocation has been replied to before.");
    hasReplied = true;
    succeed(id, result);
    goOn();
  };
  const settle = (answer) => (error, result) => {
    if (isSettled) return;
    whenEmpty = () => {};
    if (error === undefined || error === null) {
      answer(result);
    } else {
      fail(`invocation/${id}/error`, error);
      goOn();
    }
    isSettled = true; // not before: a reply that is no JSON is an error yet
  };
  const done = settle(reply);
  const callback = settle((result) => {
    if (!waits) return reply(result);
    whenEmpty = () => setImmediate(reply, result);
  });
  Object.defineProperty(context, "callbackWaitsForEmptyEventLoop", {
    enumerable: true, configurable: true, get: () => waits, set: (value) => { waits = value; },
  });
  context.succeed = (result) => done(null, result);
  context.fail = (error) => done(error ?? "handled");
  context.done = (error, result) => done(error, result);
  whenEmpty = () => {
    hasReplied = true;
    succeed(id, null);
    goOn();
  };
  try {
    const returned = handler(JSON.parse(body), context, callback);
    if (typeof returned?.then === "function") returned.then(context.succeed, context.fail).catch(context.fail);
  } catch (error) {
    callback(error);
  }
}

function crash(error, code) {
  fail(current ? `invocation/${current}/error` : "init/error", error);
  process.exit(code);
}

if (hasCallbacks) {
  process.on("uncaughtException", (error) => crash(error, 129));
  process.on("unhandledRejection", (reason) =>
    crash(new Fault("UnhandledPromiseRejection", String(reason), reason?.stack), 128));
  process.on("beforeExit", () => whenEmpty());
}
load().then(hasCallbacks ? serveOne : serve, (error) => {
  fail("init/error", error);
  process.exit(1);
});
