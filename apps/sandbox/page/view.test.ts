import { describe, expect, it } from 'vitest';
import { hrefOfPost, hrefOfTab, viewAfter, type View } from './view.js';

const start: View = { tab: 'posts', postId: undefined };

describe('the address of the page', () => {
  it('opens a post', () => {
    expect(viewAfter(start, hrefOfPost('17900000000000101'))).toEqual({ tab: 'post', postId: '17900000000000101' });
  });

  it('keeps the post open behind the other tabs', () => {
    const opened = viewAfter(start, hrefOfPost('1'));
    expect(viewAfter(opened, hrefOfTab('telegram'))).toEqual({ tab: 'telegram', postId: '1' });
  });

  it.each(['', '#', '#post', '#post/<b>', '#elsewhere'])('leads to the posts when it is %j', (hash) => {
    expect(viewAfter(start, hash).tab).toBe('posts');
  });
});
