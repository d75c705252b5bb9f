// JSON that can be read, and what is new in it.

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Fills an element with a value; what is not so in `before` is marked. */
export function showJson(element, value, before) {
  element.replaceChildren(...lines(value, before, before !== undefined, 0, "", ""));
}

function lines(value, before, compares, depth, key, comma) {
  const isNew = compares && !same(value, before);
  const isList = Array.isArray(value);
  if (value === null || typeof value !== "object" || !Object.keys(value).length) {
    return [line(depth, key, JSON.stringify(value) ?? "nothing", comma, isNew)];
  }
  const names = Object.keys(value);
  const inner = names.flatMap((name, n) => lines(value[name], before?.[name], compares, depth + 1,
    isList ? "" : `${JSON.stringify(name)}: `, n < names.length - 1 ? "," : ""));
  return [line(depth, key, isList ? "[" : "{", "", false), ...inner, line(depth, "", isList ? "]" : "}", comma, false)];
}

function line(depth, key, text, comma, isNew) {
  const parts = [make("span", { className: "key" }, key), make("span", { className: "value" }, text), comma];
  const one = make(isNew ? "ins" : "div", { className: "line" }, ...parts);
  one.style.paddingLeft = `${depth * 1.2}em`;
  return one;
}
