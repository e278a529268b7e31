import { urlOf } from '../plan/child-environment.js';
import { needsSandbox } from '../plan/choices.js';
import { type Plan } from '../plan/plan.js';

/** What a newcomer wants to read first. */
export function readyText({ ports, choices }: Plan, seconds: number): string {
  const places: Array<[string, string]> = [
    ...(needsSandbox(choices)
      ? [['try it', `${urlOf(ports.sandbox)}  write a comment as a customer`] satisfies [string, string]]
      : []),
    ['api', `${urlOf(ports.api)}/docs  every request, with a form to try it`],
    ['health', `${urlOf(ports.api)}/health/ready and ${urlOf(ports.worker)}/health/ready`],
    ['webhook', `${urlOf(ports.api)}/api/v1/webhook`],
  ];
  const plays = choices.vendors.instagram === 'sandbox';
  const lines = [
    '',
    `InstaChatico is ready after ${seconds.toFixed(1)} s`,
    '',
    ...places.map(([what, where]) => `  ${what.padEnd(9)}${where}`),
    '',
    ...(plays ? ['Next, in another shell:  npm run demo'] : []),
    'Ctrl-C stops everything; the data stays.',
    '',
  ];
  return lines.join('\n');
}
