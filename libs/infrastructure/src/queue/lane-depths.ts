import type { Queue } from 'bullmq';
import { lanes, type Lane } from '#domain/jobs/job-catalog.js';

/** Jobs of one lane: to be taken, being worked on, waiting for their time. */
export interface LaneDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

/** @throws whatever Redis throws; may hang while it is away */
export async function laneDepths(
  queues: Readonly<Record<Lane, Pick<Queue, 'getJobCounts'>>>,
): Promise<Readonly<Record<Lane, LaneDepth>>> {
  const depth = async (lane: Lane): Promise<LaneDepth> => {
    const { waiting = 0, active = 0, delayed = 0 } = await queues[lane].getJobCounts('waiting', 'active', 'delayed');
    return { waiting, active, delayed };
  };
  const depths = await Promise.all(lanes.map(async (lane) => [lane, await depth(lane)] as const));
  // One entry for each lane of the closed list.
  return Object.fromEntries(depths) as Record<Lane, LaneDepth>;
}
