import { figure, type Scenario } from '../support/scenario.js';
import { Receiving } from '../support/receiving.js';

const updates = 1_000;

export const scenario: Scenario = {
  name: 'intake-batches',
  question: 'Is a batch of 1,000 updates acknowledged within two seconds, 200 times, with nothing lost?',
  minutes: 2,
  usual: true,
  run: async (bench) => {
    const receiving = await Receiving.start(bench);
    try {
      const deliveries = bench.scaled(200, 4);
      bench.progress(`${deliveries} batches of ${updates}`);
      const sent = await receiving.send({ connections: 2, deliveries, comments: updates, repeat: true });
      const { 200: accepted = 0, 503: shed = 0, ...others } = sent.statuses;
      return [
        figure('accepted batches', accepted, 'batches', { atLeast: deliveries }),
        figure('answered 503 and sent again', shed, 'answers'),
        figure(
          'anything else',
          Object.values(others).reduce((sum, count) => sum + count, 0),
          'answers',
          { atMost: 0 },
        ),
        figure('slowest first answer', sent.latency.max / 1_000, 's', { atMost: 2 }),
        figure('slowest acknowledgement', sent.slowestAcceptedMs / 1_000, 's', { atMost: 2 }),
        figure('median first answer', sent.latency.p50 / 1_000, 's'),
        figure('comments a second', (accepted * updates) / sent.seconds, 'comments/s'),
        ...(await receiving.account()),
      ];
    } finally {
      await receiving.stop();
    }
  },
};
