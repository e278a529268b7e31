import { z } from 'zod';
import { AlertId, CommentId, ModerationId, ReplyId } from '../shared/ids.js';
import type { Duration } from '../work/backoff.js';
import type { Lease, WorkRef } from '../work/lease.js';

/**
 * Lanes are told apart by what saturates first: `thinking` the model, `outbound` the platform, `alerts` the
 * operators' channel, which may be down for hours without holding up anything else.
 */
export const lanes = ['thinking', 'outbound', 'alerts'] as const;
export type Lane = (typeof lanes)[number];

interface Job<Schema extends z.ZodType> {
  readonly lane: Lane;
  /** Ids only: the state is read fresh, and a queue's memory holds no customer's words. */
  readonly data: Schema;
  /** The row that the job works on; also what makes two requests the same. */
  readonly ref: (data: z.output<Schema>) => WorkRef;
  /** How long the row is ours without a sign of life; renewed at half time for as long as the try goes on. */
  readonly lease: Duration;
  /** Upper bounds of the waits between tries (full jitter). After the last one a person decides. */
  readonly retry: readonly Duration[];
}

function job<Schema extends z.ZodType>(definition: Job<Schema>): Job<Schema> {
  return definition;
}

// Instagram hides a thread from people after days, not hours: an hour of tries covers a vendor's bad morning,
// and what is parked can be tried again by hand.
const patient: readonly Duration[] = ['5s', '30s', '2m', '10m', '20m', '30m'];

export const jobCatalog = {
  'comments.classify': job({
    lane: 'thinking',
    data: z.object({ commentId: CommentId }),
    ref: ({ commentId }) => ({ kind: 'comment', id: commentId }),
    lease: '60s',
    // The model being down must not cost a comment: about a day (CL-6), then a person.
    retry: [...patient, '1h', '2h', '4h', '8h', '12h'],
  }),
  'replies.draft': job({
    lane: 'thinking',
    data: z.object({ replyId: ReplyId }),
    ref: ({ replyId }) => ({ kind: 'reply', id: replyId }),
    lease: '60s',
    retry: [...patient, '1h', '2h', '4h'],
  }),
  'replies.send': job({
    lane: 'outbound',
    data: z.object({ replyId: ReplyId }),
    ref: ({ replyId }) => ({ kind: 'reply', id: replyId }),
    lease: '30s',
    retry: patient,
  }),
  'replies.reconcile': job({
    lane: 'outbound',
    data: z.object({ replyId: ReplyId }),
    ref: ({ replyId }) => ({ kind: 'reply', id: replyId }),
    lease: '60s', // all pages of a thread
    retry: patient,
  }),
  'replies.remove': job({
    lane: 'outbound',
    data: z.object({ replyId: ReplyId }),
    ref: ({ replyId }) => ({ kind: 'reply', id: replyId }),
    lease: '30s',
    retry: patient,
  }),
  'moderation.apply': job({
    lane: 'outbound',
    data: z.object({ moderationId: ModerationId }),
    ref: ({ moderationId }) => ({ kind: 'moderation', id: moderationId }),
    lease: '30s',
    retry: patient,
  }),
  'notifications.tell': job({
    lane: 'alerts',
    data: z.object({ alertId: AlertId }),
    ref: ({ alertId }) => ({ kind: 'alert', id: alertId }),
    lease: '30s',
    retry: [...patient, '1h', '1h', '2h', '4h', '8h'],
  }),
} as const;

export type JobName = keyof typeof jobCatalog;
export type JobData<Name extends JobName> = z.output<(typeof jobCatalog)[Name]['data']>;
export type JobRequest = { [Name in JobName]: { readonly name: Name; readonly data: JobData<Name> } }[JobName];

/**
 * `advanced`: the row moved on and is free again · `nothing-to-do`: it was not at this job's stage any more ·
 * `paused`: it may not be done now, and is still ours.
 */
export type Progress = 'advanced' | 'nothing-to-do' | 'paused';

/** A handler for every job, or it does not compile. The lease proves that the row is ours while it runs. */
export type JobHandlers = {
  readonly [Name in JobName]: (data: JobData<Name>, lease: Lease) => Promise<Progress>;
};

/** The row that a job works on. */
export function refOf(request: JobRequest): WorkRef {
  switch (request.name) {
    case 'comments.classify':
      return jobCatalog[request.name].ref(request.data);
    case 'moderation.apply':
      return jobCatalog[request.name].ref(request.data);
    case 'notifications.tell':
      return jobCatalog[request.name].ref(request.data);
    case 'replies.draft':
    case 'replies.send':
    case 'replies.reconcile':
    case 'replies.remove':
      return jobCatalog[request.name].ref(request.data);
  }
}

/** The job's own handler, with the data that its name says it has. */
export async function handleJob(handlers: JobHandlers, request: JobRequest, lease: Lease): Promise<Progress> {
  switch (request.name) {
    case 'comments.classify':
      return await handlers[request.name](request.data, lease);
    case 'moderation.apply':
      return await handlers[request.name](request.data, lease);
    case 'notifications.tell':
      return await handlers[request.name](request.data, lease);
    case 'replies.draft':
    case 'replies.send':
    case 'replies.reconcile':
    case 'replies.remove':
      return await handlers[request.name](request.data, lease);
  }
}

/** Reads a job as it came out of the queue. @throws ZodError, and so fails on its first try, when it is none of ours */
export function parseJob(name: string, data: unknown): JobRequest {
  return jobSchema.parse({ name, data });
}

const jobSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('comments.classify'), data: jobCatalog['comments.classify'].data }),
  z.object({ name: z.literal('replies.draft'), data: jobCatalog['replies.draft'].data }),
  z.object({ name: z.literal('replies.send'), data: jobCatalog['replies.send'].data }),
  z.object({ name: z.literal('replies.reconcile'), data: jobCatalog['replies.reconcile'].data }),
  z.object({ name: z.literal('replies.remove'), data: jobCatalog['replies.remove'].data }),
  z.object({ name: z.literal('moderation.apply'), data: jobCatalog['moderation.apply'].data }),
  z.object({ name: z.literal('notifications.tell'), data: jobCatalog['notifications.tell'].data }),
]);

/** The job that continues a row which stands at `stage`; undefined when nothing is left for machines. */
export function jobFor(ref: WorkRef, stage: string): JobRequest | undefined {
  switch (ref.kind) {
    case 'comment':
      return { name: 'comments.classify', data: { commentId: ref.id } };
    case 'reply':
      return replyJob(ref.id, stage);
    case 'moderation':
      return { name: 'moderation.apply', data: { moderationId: ref.id } };
    case 'alert':
      return { name: 'notifications.tell', data: { alertId: ref.id } };
  }
}

function replyJob(replyId: ReplyId, stage: string): JobRequest | undefined {
  if (stage === 'wanted') return { name: 'replies.draft', data: { replyId } };
  if (stage === 'drafted') return { name: 'replies.send', data: { replyId } };
  if (stage === 'removing') return { name: 'replies.remove', data: { replyId } };
  if (stage === 'sending' || stage === 'unknown') return { name: 'replies.reconcile', data: { replyId } };
  return undefined;
}
