import { expect, it } from 'vitest';
import { cutText, storableText } from './text.js';

it('keeps every character but those a database refuses', () => {
  expect(storableText('a\0b \uD83C c 🍰 \uDF70 שלום\u202e')).toBe('ab \uFFFD c 🍰 \uFFFD שלום\u202e');
});

it('cuts to the limit, marks it, and splits no emoji', () => {
  expect(cutText('hello', 5)).toBe('hello');
  expect(cutText('hello!', 5)).toBe('hell…');
  expect(cutText('abc🍰def', 5)).toBe('abc…');
  expect(cutText('abc🍰def', 6)).toBe('abc🍰…');
});
