import { describe, expect, it } from 'vitest';
import { presets } from '../comments/policy.js';
import { MediaId } from '../shared/ids.js';
import { changed, policyFor } from './in-force.js';
import { initialSettings, weekdays, type PolicySettings } from './settings.js';

const post = MediaId.parse('18000000000000001');
const other = MediaId.parse('18000000000000002');
const day = new Date('2026-11-20T12:00:00Z');
const night = new Date('2026-11-20T23:00:00Z');
const nights = { name: 'nights', days: [...weekdays], from: '22:00', to: '06:00' };

function settings(given: Partial<PolicySettings>): PolicySettings {
  return { ...initialSettings, ...given };
}

describe('the policy in force', () => {
  it('is the balanced preset while nobody has decided anything', () => {
    expect(policyFor(initialSettings, post, day)).toEqual({ policy: presets.balanced });
  });

  it('is the preset with what the account changed, and only that', () => {
    const { policy } = policyFor(
      settings({ preset: 'careful', changes: { classes: { spam: { hide: 'auto' } }, hideFrom: 90 } }),
      post,
      day,
    );
    expect(policy).toEqual({
      ...presets.careful,
      classes: { ...presets.careful.classes, spam: { reply: 'off', hide: 'auto', alert: false } },
      hideFrom: 90,
    });
  });

  it('is another one in a window, and says which', () => {
    const given = settings({ windows: [{ ...nights, changes: { classes: { question: { reply: 'draft' } } } }] });
    expect(policyFor(given, post, day).policy.classes.question.reply).toBe('auto');
    const atNight = policyFor(given, post, night);
    expect(atNight.policy.classes.question.reply).toBe('draft');
    expect(atNight.window).toBe('nights');
  });

  it('lets nothing go further than a window allows, and wants nothing that was not wanted', () => {
    const atMost = { reply: 'draft', hide: 'suggest' } as const;
    const { classes } = changed(presets.balanced, { atMost });
    expect(classes.question.reply).toBe('draft');
    expect(classes.toxic.hide).toBe('suggest');
    expect(classes.positive).toEqual(presets.balanced.classes.positive);
    expect(classes.urgent).toEqual(presets.balanced.classes.urgent);
    const off = changed(presets.balanced, { atMost: { reply: 'off', hide: 'off' } }).classes;
    expect([off.question.reply, off.urgent.reply, off.toxic.hide, off.spam.hide]).toEqual(['off', 'off', 'off', 'off']);
    expect(off.urgent.alert).toBe(true);
  });

  it('is that of the post before that of the window before that of the account', () => {
    const given = settings({
      changes: { replyFrom: 60, hideFrom: 61, classes: { question: { alert: true } } },
      windows: [{ ...nights, changes: { replyFrom: 70, hideFrom: 71, atMost: { reply: 'draft' } } }],
      posts: [{ mediaId: post, changes: { replyFrom: 80, classes: { question: { reply: 'auto' } } } }],
    });
    const { policy, window, post: named } = policyFor(given, post, night);
    expect([policy.replyFrom, policy.hideFrom]).toEqual([80, 71]);
    expect(policy.classes.question).toEqual({ reply: 'auto', hide: 'off', alert: true });
    expect([window, named]).toEqual(['nights', post]);
    expect(policyFor(given, other, night).policy.classes.question.reply).toBe('draft');
    expect(policyFor(given, other, night).post).toBeUndefined();
    expect(policyFor(given, undefined, day).policy.replyFrom).toBe(60);
  });

  it('begins anew where a post or a window names a preset', () => {
    const given = settings({
      changes: { classes: { positive: { alert: true } } },
      posts: [{ mediaId: post, changes: { preset: 'classic', classes: { spam: { hide: 'suggest' } } } }],
    });
    const { classes } = policyFor(given, post, day).policy;
    expect(classes.positive).toEqual(presets.classic.classes.positive);
    expect(classes.urgent).toEqual(presets.classic.classes.urgent);
    expect(classes.spam.hide).toBe('suggest');
  });
});
