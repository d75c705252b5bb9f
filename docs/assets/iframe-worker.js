// A browser starts no worker for a page that is a file: the search runs in a hidden frame instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = Object.assign(document.createElement("iframe"), { hidden: true });
      const waiting = [];
      document.body.append(frame);
      const inside = frame.contentWindow;
      const told = (data) => inside.dispatchEvent(new inside.MessageEvent("message", { data }));
      inside.postMessage = (data) => {
        const event = new MessageEvent("message", { data });
        this.dispatchEvent(event);
        this.onmessage?.(event);
      };
      inside.__index = window.__index;
      inside.importScripts = async (...scripts) => {
        for (const script of scripts) await load(script);
      };
      const load = (src) =>
        new Promise((done, failed) => {
          const script = inside.document.createElement("script");
          Object.assign(script, { src, onload: done, onerror: failed });
          inside.document.head.append(script);
        });
      this.postMessage = (data) => waiting.push(data);
      this.terminate = () => frame.remove();
      load(url).then(() => {
        this.postMessage = told;
        waiting.forEach(told);
      });
    }
  };
}
