// The AWS SDK for JavaScript v2 looks at none of AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 and the like, as every other SDK does.
// With this, preloaded by `node --require`, its clients do, where the code that makes them names no endpoint, or one of AWS's own.
// Nor does it say to anybody which service it is a client of: one of the old namespace `chime` does now, as in every other SDK.

"use strict";

const Module = require("node:module");

const SDK = /^(.*[\\/]node_modules[\\/])?aws-sdk(?=[\\/]|$)/;
const AWS_OWN = /\.(amazonaws\.com(\.cn)?|aws\.amazon\.com)\.?(:\d+)?\/?$/i;
const pointed = new WeakSet();
const load = Module._load;

Module._load = function (request, parent, isMain) {
  const found = load.apply(this, arguments);
  const [root] = SDK.exec(request) ?? [];
  if (root) point(load(`${root}/lib/core`, parent, false));
  return found;
};

function point(AWS) {
  const service = AWS.Service?.prototype;
  if (!service || pointed.has(service)) return;
  pointed.add(service);
  const { initialize } = service;
  service.initialize = function (config) {
    const said = [config, AWS.config[this.serviceIdentifier], AWS.config].map((each) => each?.endpoint).filter(Boolean);
    const isSaid = said.some((each) => !AWS_OWN.test(each.href ?? each));
    const endpoint = isSaid ? undefined : endpointOf(this.api?.serviceId);
    const found = endpoint ? { ...config, endpoint, s3ForcePathStyle: true } : config;
    return initialize.call(this, this.api?.serviceId === "Chime" ? { ...found, customUserAgent: "api/chime#2" } : found);
  };
}

function endpointOf(serviceId = "") {
  if (process.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === "true") return undefined;
  const name = serviceId.replace(/\W/g, "_").toUpperCase();
  return process.env[`AWS_ENDPOINT_URL_${name}`] || process.env.AWS_ENDPOINT_URL;
}
