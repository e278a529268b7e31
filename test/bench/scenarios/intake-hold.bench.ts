import { figure, type Scenario } from '../support/scenario.js';
import { eventLoopDelayMs } from '../support/metrics.js';
import { refused } from '../support/load.js';
import { Receiving } from '../support/receiving.js';
import { residentBytes } from '../support/processes.js';

const perSecond = 500;

export const scenario: Scenario = {
  name: 'intake-hold',
  question: 'Are 500 deliveries a second held for ten minutes?',
  minutes: 11,
  usual: false,
  run: async (bench) => {
    const receiving = await Receiving.start(bench);
    try {
      const deliveries = bench.scaled(perSecond * 600, perSecond * 2);
      bench.progress(`${deliveries} deliveries at ${perSecond}/s`);
      const sent = await receiving.send({ connections: 128, deliveries, perSecond });
      const { api } = receiving;
      return [
        figure('p50', sent.latency.p50, 'ms'),
        figure('p95', sent.latency.p95, 'ms'),
        figure('p99', sent.latency.p99, 'ms', { below: 200 }),
        figure('slowest', sent.latency.max, 'ms'),
        figure('answers a second', sent.perSecond, 'requests/s'),
        figure('answers other than 200', refused(sent), 'answers', { atMost: 0 }),
        figure('event loop delay of the api, p99', await eventLoopDelayMs(api.port), 'ms'),
        figure('memory of the api', residentBytes(api.pid) / 2 ** 20, 'MB'),
        ...(await receiving.account()),
      ];
    } finally {
      await receiving.stop();
    }
  },
};
