// Runs the real program on a free port, with a data directory of its own.
import { execFile, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const program = process.env.COTERIE_BIN ?? new URL("../bin/coterie", import.meta.url).pathname;
const run = promisify(execFile);

export const password = "prairie dogs at dusk";

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts it, with more of its configuration. */
export async function startServer(more = {}) {
  const dir = await mkdtemp(join(tmpdir(), "coterie-e2e-"));
  const domain = `localhost:${await freePort()}`;
  const env = {
    PATH: process.env.PATH,
    COTERIE_DEV: "1",
    COTERIE_DOMAIN: domain,
    COTERIE_LISTEN: domain.replace("localhost", "127.0.0.1"),
    COTERIE_DATA_DIR: join(dir, "data"),
    COTERIE_LOG: "info,json",
    COTERIE_POLL_MIN_SECONDS: "1",
    COTERIE_SCHEDULE_MIN_SECONDS: "1",
    ...more,
  };
  const child = spawn(program, ["serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const log = [];
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    ended.then(() => reject(new Error(`the server ended:\n${log.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.push(line);
      if (line.includes('"msg":"ready"')) resolve();
    });
  });
  return {
    url: `http://${domain}`,
    domain,
    log,
    /** Makes an account and returns a token for everything. */
    async join(name, role = "user") {
      const { stdout } = await run(
        program,
        ["account", "create", name, "--email", `${name}@example.org`, "--password", password, "--role", role,
          "--confirmed", "--token-scopes", "profile read write follow push"],
        { env },
      );
      return stdout.trim().split(" ").pop();
    },
    /** Runs another command of the program beside the server. */
    command: (...args) => run(program, args, { env }),
    async stop() {
      child.kill("SIGTERM");
      const status = await ended;
      await rm(dir, { recursive: true });
      return status;
    },
  };
}

/**
 * Notes every JSON answer in the file that COTERIE_ANSWERS names, one a line,
 * so that all of them can be held against the schema of the API.
 */
export function recordAnswers() {
  const file = process.env.COTERIE_ANSWERS;
  if (!file) return;
  const plain = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const answer = await plain(input, init);
    if (answer.headers.get("content-type")?.startsWith("application/json")) {
      const { pathname, search } = new URL(answer.url);
      const method = init?.method ?? input.method ?? "GET";
      const body = await answer.clone().text();
      appendFileSync(file, `${JSON.stringify({ method, path: pathname + search, status: answer.status, body })}\n`);
    }
    return answer;
  };
}

/** Waits until check returns something, at most 20 seconds. */
export async function until(what, check) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`not within 20 seconds: ${what}`);
}
