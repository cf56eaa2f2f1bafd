/** Text made safe inside HTML and its quoted attributes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Pages of the server that the client has no view for. */
const outside = /^\/(api|auth|oauth|client|static|media|about|users|set-up|authorize_interaction|remote_interaction|sw\.js|manifest|favicon|healthz)(\/|$|\?)|\.rss$/;

/** Whether an address is one that the client shows itself. */
export function isInner(url: URL): boolean {
  return url.origin === location.origin && !outside.test(url.pathname);
}

interface Named {
  acct: string;
}

/** The page of a person. */
export function profilePath(account: Named): string {
  return `/@${account.acct}`;
}

/** The page of a post. */
export function postPath(status: { id: string; account: Named }): string {
  return `/@${status.account.acct}/${status.id}`;
}
