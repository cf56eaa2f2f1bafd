/** What people are called in little room: the first word of their name. */
export function brief(account: { displayName: string; username: string }): string {
  return account.displayName.trim().split(/\s+/)[0] || account.username;
}
