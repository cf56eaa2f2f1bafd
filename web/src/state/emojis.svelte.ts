import { api, type mastodon } from '../api/client';

/** The community's own emoji, asked for once. */
class Emojis {
  #list: Promise<mastodon.v1.CustomEmoji[]> | undefined;

  load(): Promise<mastodon.v1.CustomEmoji[]> {
    this.#list ??= Promise.resolve(api.v1.customEmojis.list()).then((all) => all.filter((e) => e.visibleInPicker));
    return this.#list;
  }
}

export const emojis = new Emojis();
