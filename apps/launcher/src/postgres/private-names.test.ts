import { describe, expect, it } from 'vitest';

import { PrivateNames } from './private-names.js';
import { bodyOf, frame, readWireText, wireText, type WireMessage } from './wire-message.js';

const parse = (name: string) => frame('P', Buffer.concat([wireText(name), wireText('select 1'), Buffer.from([0, 0])]));
const bind = (portal: string, name: string) =>
  frame('B', Buffer.concat([wireText(portal), wireText(name), Buffer.alloc(6)]));
const describeIt = (kind: string, name: string) => frame('D', Buffer.concat([Buffer.from(kind), wireText(name)]));
const firstName = (message: WireMessage, offset = 0) => readWireText(bodyOf(message), offset).text;

describe('statement names', () => {
  it('of two clients never meet', () => {
    const [one, other] = [new PrivateNames(1), new PrivateNames(2)];
    expect(firstName(one.rewrite(parse('find')))).not.toBe(firstName(other.rewrite(parse('find'))));
  });

  it('lead to the same statement in every message of one client', () => {
    const names = new PrivateNames(1);
    const own = firstName(names.rewrite(parse('find')));
    const bound = names.rewrite(bind('', 'find'));
    expect(firstName(bound)).toBe('');
    expect(firstName(bound, 1)).toBe(own);
    expect(firstName(names.rewrite(describeIt('S', 'find')), 1)).toBe(own);
  });

  it('are told from portals with the same name', () => {
    const names = new PrivateNames(1);
    const bound = bodyOf(names.rewrite(bind('x', 'x')));
    const portal = readWireText(bound, 0);
    expect(portal.text).not.toBe(readWireText(bound, portal.next).text);
    expect(firstName(names.rewrite(describeIt('P', 'x')), 1)).toBe(portal.text);
  });

  it('that differ only behind the 63rd byte stay apart', () => {
    const names = new PrivateNames(1);
    const long = 'n'.repeat(70);
    const own = [`${long}1`, `${long}2`].map((name) => firstName(names.rewrite(parse(name))));
    expect(new Set(own.map((name) => name.slice(0, 63))).size).toBe(2);
  });

  it('leave what follows them untouched, and unnamed messages altogether', () => {
    const names = new PrivateNames(1);
    const rewritten = bodyOf(names.rewrite(parse('find')));
    expect(firstName(names.rewrite(parse('find')), readWireText(rewritten, 0).next)).toBe('select 1');
    const unnamed = bind('', '');
    expect(names.rewrite(unnamed)).toBe(unnamed);
  });

  it('are all given back at the end, portals not: they end with their transaction', () => {
    const names = new PrivateNames(1);
    for (const message of [parse('a'), parse('b'), parse('a'), bind('portal', 'a')]) names.rewrite(message);
    const closing = names.closeStatements().map((message) => bodyOf(message).toString('latin1', 0, 1));
    expect(closing).toEqual(['S', 'S']);
  });
});
