// A browser without scripts: it keeps cookies, follows redirects within the
// server and sends the forms it finds.
import { parse } from "parse5";

function* elements(node) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName) yield child;
    yield* elements(child);
  }
}

const attribute = (node, name) => node.attrs.find((a) => a.name === name)?.value;

export class Browser {
  #cookies = new Map();

  constructor(origin) {
    this.origin = origin;
  }

  async open(address, init = {}) {
    const url = new URL(address, this.url ?? this.origin);
    if (url.origin !== this.origin) {
      // Where an app takes over: a browser would start it.
      this.left = url;
      return this;
    }
    const answer = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: {
        ...init.headers,
        "Accept-Language": "en",
        Cookie: [...this.#cookies].map(([k, v]) => `${k}=${v}`).join("; "),
        "Sec-Fetch-Site": "same-origin",
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(";");
      const [name, value] = pair.split("=");
      if (rest.some((r) => r.trim() === "Max-Age=0")) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    this.url = url;
    this.status = answer.status;
    if (answer.status >= 300 && answer.status < 400) return this.open(answer.headers.get("location"));
    this.text = await answer.text();
    this.page = parse(this.text);
    return this;
  }

  /** All elements of the page with that name. */
  all(name) {
    return [...elements(this.page)].filter((e) => e.tagName === name);
  }

  /** Sends the last form of the page, with its hidden fields, filled in with values. */
  async submit(values = {}) {
    const form = this.all("form").pop();
    if (!form) throw new Error(`no form on ${this.url}: ${this.status}\n${this.text}`);
    const data = new URLSearchParams();
    const fields = [...elements(form)].filter((e) => e.tagName === "input" && attribute(e, "name"));
    for (const field of fields) {
      const name = attribute(field, "name");
      if (name in values || attribute(field, "type") === "hidden") data.set(name, values[name] ?? attribute(field, "value") ?? "");
    }
    const button = [...elements(form)].find((e) => e.tagName === "button" && attribute(e, "name"));
    if (button) data.set(attribute(button, "name"), values[attribute(button, "name")] ?? attribute(button, "value"));
    return this.open(attribute(form, "action") || this.url, {
      method: (attribute(form, "method") ?? "get").toUpperCase(),
      body: data,
    });
  }

  /** The names of the fields a person can fill in. */
  fields() {
    return this.all("input")
      .filter((e) => !["hidden", "submit"].includes(attribute(e, "type")))
      .map((e) => attribute(e, "name"));
  }

  value(id) {
    return attribute(this.all("input").find((e) => attribute(e, "id") === id), "value");
  }
}
