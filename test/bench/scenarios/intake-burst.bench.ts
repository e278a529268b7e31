import { figure, type Scenario } from '../support/scenario.js';
import { Receiving } from '../support/receiving.js';

const perSecond = 1_000;

export const scenario: Scenario = {
  name: 'intake-burst',
  question: 'Does a sudden minute of 1,000 deliveries a second cost nothing but repeats?',
  minutes: 2,
  usual: true,
  run: async (bench) => {
    const receiving = await Receiving.start(bench);
    try {
      const deliveries = bench.scaled(perSecond * 60, perSecond);
      bench.progress(`${deliveries} deliveries at ${perSecond}/s`);
      const sent = await receiving.send({ connections: 256, deliveries, perSecond, repeat: true });
      const { 200: accepted = 0, 503: shed = 0, ...others } = sent.statuses;
      return [
        figure('accepted', accepted, 'deliveries', { atLeast: deliveries }),
        figure('shed with 503 and sent again', shed, 'answers'),
        figure(
          'anything else',
          Object.values(others).reduce((sum, count) => sum + count, 0),
          'answers',
          { atMost: 0 },
        ),
        figure('from the first to the last acknowledgement', sent.seconds, 's'),
        figure('p50', sent.latency.p50, 'ms'),
        figure('p99', sent.latency.p99, 'ms'),
        ...(await receiving.account()),
      ];
    } finally {
      await receiving.stop();
    }
  },
};
