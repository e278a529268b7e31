import type { IncidentNotice } from '#domain/notifications/incident-telling.js';
import { backlogLeft, incidentKinds } from '#domain/notifications/incidents.js';
import { cutText } from '#domain/shared/text.js';
import { htmlOf, plainOf, type Line } from './message-lines.js';

// 4,096 UTF-16 units in all: a few notices have room for everything, more than that say only what and about whom.
const noticesInFull = 3;
const limits = { subject: 64, detail: 300 };

/** All notices in one message, as Telegram's HTML. */
export function incidentHtml(notices: readonly IncidentNotice[]): string {
  return htmlOf(linesOf(notices));
}

/** The same words without any markup, for when Telegram cannot read it. */
export function incidentText(notices: readonly IncidentNotice[]): string {
  return plainOf(linesOf(notices));
}

function linesOf(notices: readonly IncidentNotice[]): readonly Line[] {
  const full = notices.length <= noticesInFull;
  const lines = notices.flatMap((notice, index) => [...(index === 0 ? [] : [[]]), ...noticeLines(notice, full)]);
  if (!notices.some(({ maybeRepeated }) => maybeRepeated)) return lines;
  return [...lines, [{ text: 'You may have seen this already: an earlier try was interrupted.', tag: 'i' }]];
}

function noticeLines({ incident, stage }: IncidentNotice, full: boolean): readonly Line[] {
  const { what, next } = incidentKinds[incident.kind];
  const about = { text: cutText(incident.subject, limits.subject), tag: 'b' } as const;
  if (stage !== 'began') {
    const left = backlogLeft(incident);
    const over: Line = [{ text: '\u2705 ' }, about, { text: ` ${ending(incident, stage)}` }, { text: ` (${what})` }];
    return full && left !== undefined ? [over, [{ text: left, tag: 'i' }]] : [over];
  }
  const lines: Line[] = [[{ text: '\u26A0\uFE0F ' }, about, { text: `: ${what}` }]];
  if (!full) return lines;
  const detail = Object.entries(incident.detail ?? {}).map(([name, value]) => `${name}: ${value}`);
  if (detail.length > 0) lines.push([{ text: cutText(detail.join(', '), limits.detail), tag: 'i' }]);
  return [...lines, [{ text: next }]];
}

function ending({ openedAt, closedAt = openedAt }: IncidentNotice['incident'], stage: 'over' | 'was'): string {
  const lasted = Math.max(1, Math.round((closedAt.getTime() - openedAt.getTime()) / 60_000));
  const since = openedAt.toISOString().slice(11, 16);
  return stage === 'over' ? `is over, after ${lasted} min` : `was and is over: since ${since} UTC, ${lasted} min`;
}
