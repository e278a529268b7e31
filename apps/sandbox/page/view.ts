import { useEffect, useState } from 'preact/hooks';

/** Which part a narrow screen shows; wide screens show all three. */
export type Tab = 'posts' | 'post' | 'telegram';

export interface View {
  readonly tab: Tab;
  /** The opened post; it stays open behind the other tabs. */
  readonly postId: string | undefined;
}

export const hrefOfPost = (id: string): string => `#post/${id}`;
export const hrefOfTab = (tab: 'posts' | 'telegram'): string => `#${tab}`;

export function viewAfter(before: View, hash: string): View {
  const [, tab, id] = /^#(posts|post|telegram)(?:\/(\w+))?$/.exec(hash) ?? [];
  if (tab === 'post' && id !== undefined) return { tab, postId: id };
  return { tab: tab === 'telegram' ? tab : 'posts', postId: before.postId };
}

/** The view lives in the address, so that back, forward and reload work. */
export function useView(): View {
  const [view, setView] = useState<View>(() => viewAfter({ tab: 'posts', postId: undefined }, location.hash));
  useEffect(() => {
    const follow = (): void => setView((before) => viewAfter(before, location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return view;
}
