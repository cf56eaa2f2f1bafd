import type { mastodon } from '../api/client';

export interface Question {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}

/** What the client asks before it acts. */
class Asking {
  question = $state.raw<Question & { answer: (yes: boolean) => void }>();
  reported = $state.raw<{ account: mastodon.v1.Account; status?: mastodon.v1.Status }>();

  listed = $state.raw<mastodon.v1.Account>();
  muted = $state.raw<mastodon.v1.Account>();
  filtered = $state.raw<mastodon.v1.Status>();
  coded = $state.raw<mastodon.v1.Account>();
  /** How often somebody was put on a list or taken off one. */
  relisted = $state(0);

  /** Whether the keyboard shortcuts are shown. */
  sheet = $state(false);

  confirm(question: Question): Promise<boolean> {
    return new Promise((resolve) => {
      this.question = {
        ...question,
        answer: (yes) => {
          this.question = undefined;
          resolve(yes);
        },
      };
    });
  }

  /** Asks on which lists somebody is to be. */
  lists(account: mastodon.v1.Account): void {
    this.listed = account;
  }

  /** Asks for how long somebody is to be muted. */
  mute(account: mastodon.v1.Account): void {
    this.muted = account;
  }

  /** Asks which filters are to act on a post. */
  filter(status: mastodon.v1.Status): void {
    this.filtered = status;
  }

  /** Shows the QR code of somebody's profile. */
  code(account: mastodon.v1.Account): void {
    this.coded = account;
  }

  report(account: mastodon.v1.Account, status?: mastodon.v1.Status): void {
    this.reported = { account, status };
  }
}

export const asking = new Asking();
