import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { Load, refused, type Sent } from '../support/load.js';
import { inTurn } from '../support/meter.js';
import { Receiving } from '../support/receiving.js';
import { median, medianRatio } from '../support/statistics.js';

const signedPerSecond = 500;
const unsignedPerSecond = 10_000;

interface Beside {
  readonly signed: Sent;
  readonly unsigned?: Sent;
}

async function rounds(bench: Bench, receiving: Receiving, flooding: Load) {
  const seconds = bench.scaled(10, 2);
  const signed = async (): Promise<Sent> =>
    await receiving.send({ connections: 128, deliveries: seconds * signedPerSecond, perSecond: signedPerSecond });
  const both = async (): Promise<Beside> => {
    const how = { connections: 64, deliveries: seconds * unsignedPerSecond, perSecond: unsignedPerSecond };
    const [legitimate, unsigned] = await Promise.all([signed(), receiving.flood(flooding, how)]);
    return { signed: legitimate, unsigned };
  };
  const alone = async (): Promise<Beside> => ({ signed: await signed() });
  return await inTurn(3, { alone, flooded: both }, bench.progress);
}

export const scenario: Scenario = {
  name: 'hostile-flood',
  question: 'Do 10,000 unsigned requests a second disturb 500 signed ones, or leave anything behind?',
  minutes: 3,
  usual: true,
  run: async (bench) => {
    const receiving = await Receiving.start(bench);
    const flooding = await Load.start();
    try {
      const { alone, flooded } = await rounds(bench, receiving, flooding);
      const accepted = [...alone, ...flooded].reduce((sum, { signed }) => sum + signed.accepted, 0);
      return [
        ...figuresOf(alone, flooded),
        figure('rows of unsigned requests', await receiving.rowsOfUnsigned(), 'rows', { atMost: 0 }),
        figure('signed deliveries accepted', accepted, 'deliveries'),
        ...(await receiving.account()),
      ];
    } finally {
      await flooding.stop();
      await receiving.stop();
    }
  },
};

function figuresOf(alone: readonly Beside[], flooded: readonly Beside[]): readonly Figure[] {
  const refusals = flooded.flatMap(({ unsigned }) => unsigned ?? []);
  const letIn = refusals.reduce((sum, { statuses }) => sum + (statuses[200] ?? 0), 0);
  const lost = [...alone, ...flooded].reduce((sum, { signed }) => sum + refused(signed), 0);
  return [
    figure('unsigned requests answered', median(refusals.map(({ perSecond }) => perSecond)), 'requests/s'),
    figure('unsigned requests let in', letIn, 'requests', { atMost: 0 }),
    figure('signed ones not answered 200', lost, 'answers', { atMost: 0 }),
    ...(['p50', 'p95', 'p99'] as const).map((which) => {
      const at = (rounds: readonly Beside[]): readonly number[] => rounds.map(({ signed }) => signed.latency[which]);
      const ratio = medianRatio(at(flooded), at(alone));
      return compared(`${which} of the signed ones`, median(at(flooded)), 'ms', { baseline: median(at(alone)), ratio });
    }),
  ];
}
